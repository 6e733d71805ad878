import { afterFetchOf, type IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { examineMailbox, whoOf, type Examination, type ExaminePorts } from './examine-mailbox.ts';
import type { TellLeg } from './legs.ts';
import type { Report } from './report.ts';

export interface ExamineIncomingPorts extends ExaminePorts {
  readonly tests: States<Report>;
  readonly queues: WorkQueues;
}

/**
 * Examines an incoming server and all its folders, and keeps the report. Where it works and is confirmed, it is read at
 * once.
 * @throws GatewayError `account-not-connected` when its account is gone, `storage-unavailable`, `internal-error`
 */
export async function examineIncomingServer(
  call: Call,
  server: IncomingServer,
  ports: ExamineIncomingPorts,
  tell?: TellLeg,
): Promise<Examination> {
  const who = await whoOf(server, ports);
  const afterFetch = afterFetchOf(server);
  const moveTo = typeof afterFetch === 'string' ? undefined : afterFetch.move;
  const imap = { server, mailbox: server.mailbox, folders: server.folders, moveTo };
  const examination = await examineMailbox(call, who, { imap }, ports, tell);
  await ports.tests.put(server.id, examination.report);
  if (examination.report.ok && server.state === 'confirmed') await ports.queues.fetch([server.id]);
  return examination;
}
