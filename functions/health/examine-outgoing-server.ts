import { userOf } from '../servers/log-in.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { examineMailbox, whoOf, type ExaminePorts } from './examine-mailbox.ts';
import type { TellLeg } from './legs.ts';
import type { Report } from './report.ts';

interface Ports extends ExaminePorts {
  readonly tests: States<Report>;
  readonly queues: WorkQueues;
}

/**
 * Examines an outgoing server, as the mailbox and as each full address of its From filter, and keeps the report. Where it
 * works, what waits for it is sent at once.
 * @throws GatewayError `account-not-connected` when its account is gone, `storage-unavailable`, `internal-error`
 */
export async function examineOutgoingServer(
  call: Call,
  server: OutgoingServer,
  ports: Ports,
  tell?: TellLeg,
): Promise<Report> {
  const who = await whoOf(server, ports);
  const { user, address } =
    'account' in who
      ? { user: userOf(who.account.value), address: who.account.value.address }
      : { user: server.username ?? '', address: server.username ?? '' };
  const senders = [...new Set([address.toLowerCase(), ...server.fromFilter])].filter((entry) => entry.includes('@'));
  const smtp = { server, user, senders };
  const { report } = await examineMailbox(call, who, { smtp }, ports, tell);
  await ports.tests.put(server.id, report);
  if (report.ok) await ports.queues.send(server.id);
  return report;
}
