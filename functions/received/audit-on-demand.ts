import { setTimeout as pass } from 'node:timers/promises';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import type { LeasedStates, StateLease } from '../shared/lease.ts';
import type { Audit } from './audit.ts';
import { keepAudit, type KeepAuditPorts } from './keep-audit.ts';
import { refetchMissing, takeMailbox } from './refetch-missing.ts';

/** A look at a mailbox takes seconds; a backlog takes longer than a caller waits. */
const tries = 20;
const between = 1_000;

/**
 * Audits a mailbox for somebody who waits for it; with `repair` missing mail is read again.
 * @throws GatewayError `conflict` when the server is not confirmed, `mailbox-in-use` when missing mail cannot be asked
 *   for because it is being read, and what `auditMailbox` throws
 */
export async function auditOnDemand(
  call: Call,
  server: IncomingServer,
  repair: boolean,
  ports: KeepAuditPorts,
): Promise<Audit> {
  if (server.state !== 'confirmed') {
    throw new GatewayError('conflict', `${server.id} is not confirmed.`, {
      data: { remedy: `Confirm it: POST /v1/incoming-servers/${server.id}/confirm.` },
    });
  }
  const take = () => takeSoon(call, server.id, ports.incomingStates);
  return keepAudit(
    call,
    server,
    async (comparisons) => (repair ? refetchMissing(call, server, comparisons, take, ports) : 0),
    ports,
  );
}

async function takeSoon(
  call: Call,
  id: string,
  states: LeasedStates<IncomingState>,
): Promise<StateLease<IncomingState> | undefined> {
  for (let left = tries; ; left -= 1) {
    const lease = await takeMailbox(id, states);
    if (lease !== undefined || left <= 1) return lease;
    await pass(between, undefined, { signal: call.signal });
  }
}
