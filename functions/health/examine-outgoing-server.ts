import { requireAccount, userOf } from '../servers/log-in.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { examineMailbox, type ExaminePorts } from './examine-mailbox.ts';
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
export async function examineOutgoingServer(call: Call, server: OutgoingServer, ports: Ports): Promise<Report> {
  const account = await requireAccount(server, ports.accounts);
  const { address } = account.value;
  const senders = [...new Set([address.toLowerCase(), ...server.fromFilter.filter((entry) => entry.includes('@'))])];
  const smtp = { server, user: userOf(account.value), senders };
  const { report } = await examineMailbox(call, account, { smtp }, ports);
  await ports.tests.put(server.id, report);
  if (report.ok) await ports.queues.send(server.id);
  return report;
}
