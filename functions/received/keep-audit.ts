import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import { auditMailbox, type AuditPorts } from './audit-mailbox.ts';
import type { Audit } from './audit.ts';
import type { Comparison } from './compare-folder.ts';

export interface KeepAuditPorts extends AuditPorts {
  readonly audits: States<Audit>;
}

/**
 * Audits a mailbox, has what is missing mended, and keeps the result.
 * @param mend has missing mail read again, and answers how many; called where there is any
 * @throws GatewayError what `auditMailbox` and `mend` throw: then nothing is kept
 */
export async function keepAudit(
  call: Call,
  server: IncomingServer,
  mend: (comparisons: readonly Comparison[], missing: number) => Promise<number>,
  ports: KeepAuditPorts,
): Promise<Audit> {
  const at = call.now().toISOString();
  const comparisons = await auditMailbox(call, server, ports);
  const missing = comparisons.reduce((sum, each) => sum + each.missing.length, 0);
  const repaired = missing === 0 ? 0 : await mend(comparisons, missing);
  const audit = { at, missing, repaired, folders: comparisons.map((each) => each.audit) };
  await ports.audits.put(server.id, audit);
  return audit;
}
