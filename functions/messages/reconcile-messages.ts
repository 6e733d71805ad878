import type { MailboxSession } from '../received/mailbox-reader.ts';
import { logIn } from '../servers/log-in.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Job } from '../shared/records.ts';
import type { Message } from './message.ts';
import type { SenderPorts } from './sender-ports.ts';
import { again, foundSent, undecided, type Settled } from './settle-message.ts';

/**
 * Decides messages of which nobody knows whether they were sent: Exchange files a copy of everything it accepted in the
 * Sent Items of whoever logged in, so a message is there, or was never accepted and can be sent again. While that folder
 * cannot be read they stay undecided: sending one blindly might send it twice.
 */
export async function reconcileMessages(
  call: Call,
  jobs: readonly Job<Message>[],
  ports: SenderPorts,
): Promise<Reconciled[]> {
  const reconciled: Reconciled[] = [];
  for (const [account, ofAccount] of Map.groupBy(jobs, ({ record: { sentBy = '' } }) => sentBy))
    reconciled.push(...(await lookInSentItems(call, account, ofAccount, ports)));
  return reconciled;
}

export interface Reconciled {
  readonly job: Job<Message>;
  readonly settled: Settled;
}

/** One login for all: each of them counts against the mailbox, and a server that does not answer takes its time once. */
async function lookInSentItems(
  call: Call,
  account: string,
  jobs: readonly Job<Message>[],
  ports: SenderPorts,
): Promise<Reconciled[]> {
  let session: MailboxSession | undefined;
  const decided: Reconciled[] = [];
  try {
    session = await logIn(call, { ...ports.imapServer, encryption: 'tls', account }, ports, ports.openMailbox);
    for (const job of jobs) {
      const isSent = await session.wasSent(job.record.messageId);
      const now = call.now();
      const settled = isSent
        ? foundSent(job.record, now)
        : again(job.record, 'Not in Sent Items, so it was not sent', now);
      decided.push({ job, settled });
    }
    return decided;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('Sent Items could not be read.', { account, code: error.code, cause: error.cause });
    const detail = `Sent Items could not be read: ${error.message}`;
    const others = jobs.slice(decided.length);
    return [
      ...decided,
      ...others.map((job) => ({ job, settled: undecided(job.record, detail, call.now(), error.meaning.tryAgain) })),
    ];
  } finally {
    await session?.close();
  }
}
