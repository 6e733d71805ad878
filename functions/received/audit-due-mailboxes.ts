import { newEvent } from '../events/event.ts';
import { raiseEvents } from '../events/raise-events.ts';
import { placeOf, type IncomingServer, type IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import { hashKey } from '../shared/ids.ts';
import type { Audit } from './audit.ts';
import type { Comparison } from './compare-folder.ts';
import { keepAudit, type KeepAuditPorts } from './keep-audit.ts';
import { refetchMissing, takeMailbox } from './refetch-missing.ts';

const minute = 60_000;
const minutes = 24 * 60;
const day = minutes * minute;
/** No audit is begun after this. */
const auditFor = 8 * minute;

/**
 * Audits the mailboxes whose hour of the day has come, one after the other. One that cannot be read now is left for
 * later: what is wrong with it is told by its reader.
 */
export async function auditDueMailboxes(call: Call, ports: KeepAuditPorts): Promise<void> {
  const [servers, states, audits] = await Promise.all([
    ports.incomingServers.list(),
    ports.incomingStates.list(),
    ports.audits.list(),
  ]);
  const until = call.now().getTime() + auditFor;
  for (const { value: server } of servers) {
    const due = lastDue(server.id, call.now());
    if (!isDue(server, due, states.get(server.id), audits.get(server.id))) continue;
    if (call.signal.aborted || call.now().getTime() > until) return;
    try {
      await keepAudit(call, server, (found, missing) => tellAndMend(call, server, due, found, missing, ports), ports);
    } catch (thrown) {
      const { code, cause } = toGatewayError(thrown);
      call.log.warn('A mailbox was not audited.', { incomingServer: server.id, code, cause });
    }
  }
}

/** The last time that an audit was due: always the same time of the day, another for each server. */
function lastDue(id: string, now: Date): Date {
  const letters = Array.from(hashKey(id), (letter) => letter.charCodeAt(0));
  const offset = letters.reduce((sum, letter) => (sum * 31 + letter) % minutes, 0) * minute;
  return new Date(Math.floor((now.getTime() - offset) / day) * day + offset);
}

/** A mailbox that fails, or is throttled, is left in peace. */
function isDue(server: IncomingServer, due: Date, state: IncomingState | undefined, audit: Audit | undefined): boolean {
  if (server.state !== 'confirmed' || state === undefined) return false;
  if (state.failures > 0 || state.place !== placeOf(server)) return false;
  const last = [audit?.at ?? '', server.confirmedAt ?? ''].toSorted().at(-1) ?? '';
  return last < due.toISOString();
}

/** Told first: whoever dies in between finds it missing again, and tells the same event. */
async function tellAndMend(
  call: Call,
  server: IncomingServer,
  due: Date,
  found: readonly Comparison[],
  missing: number,
  ports: KeepAuditPorts,
): Promise<number> {
  const { id, name, mailbox } = server;
  const folders = found.filter((each) => each.missing.length > 0).map(({ audit }) => audit);
  const data = { id, name, mailbox, missing, folders, auditPath: `/v1/incoming-servers/${id}/audit` };
  await raiseEvents([newEvent('incoming.audit_missing', id, due, data)], ports);
  call.log.warn('An audit found that mail is missing.', { incomingServer: id, missing });
  return refetchMissing(call, server, found, () => takeMailbox(id, ports.incomingStates), ports);
}
