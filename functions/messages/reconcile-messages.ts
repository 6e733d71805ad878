import type { MailboxSession } from '../received/mailbox-reader.ts';
import { logIn } from '../servers/log-in.ts';
import type { OnUnknown } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Job } from '../shared/records.ts';
import type { Message } from './message.ts';
import type { SenderPorts } from './sender-ports.ts';
import { again, foundSent, sinceHandedOver, undecidable, undecided, type Settled } from './settle-message.ts';

/** How long Sent Items may be unreadable before a server with the policy `retry` sends again. */
const retryAfter = 60 * 60_000;

/**
 * Decides messages of which nobody knows whether they were sent: Exchange files a copy of everything it accepted in the
 * Sent Items of whoever logged in, so a message is there, or was never accepted and can be sent again. Where that folder
 * cannot tell, or there is none because a password logged in, the server's policy decides: sending one blindly might
 * send it twice.
 */
export async function reconcileMessages(
  call: Call,
  jobs: readonly Job<Message>[],
  policy: OnUnknown,
  ports: SenderPorts,
): Promise<Reconciled[]> {
  const reconciled: Reconciled[] = [];
  for (const [account, ofAccount] of Map.groupBy(jobs, ({ record }) => witnessOf(record))) {
    reconciled.push(
      ...(account === undefined
        ? ofAccount.map((job) => ({ job, settled: blindly(job.record, policy, call.now()) }))
        : await lookInSentItems(call, account, ofAccount, policy, ports)),
    );
  }
  return reconciled;
}

export interface Reconciled {
  readonly job: Job<Message>;
  readonly settled: Settled;
}

/**
 * The account whose Sent Items tell. Of a message that some recipients had got before, a copy is there anyway: that says
 * nothing about the others.
 */
function witnessOf({ recipients, sentBy }: Message): string | undefined {
  return recipients.some(({ status }) => status === 'sent') ? undefined : sentBy;
}

function blindly(message: Message, policy: OnUnknown, now: Date): Settled {
  return policy === 'retry'
    ? again(message, 'Nothing can tell whether it was sent, so it is sent again, as the server is set to', now)
    : undecidable(message, 'Nothing can tell whether it was sent', now);
}

function notRead(message: Message, error: GatewayError, policy: OnUnknown, now: Date): Settled {
  if (policy === 'retry' && sinceHandedOver(message, now) >= retryAfter) return blindly(message, policy, now);
  return undecided(message, `Sent Items could not be read: ${error.message}`, now, error.meaning.tryAgain);
}

/** One login for all: each of them counts against the mailbox, and a server that does not answer takes its time once. */
async function lookInSentItems(
  call: Call,
  account: string,
  jobs: readonly Job<Message>[],
  policy: OnUnknown,
  ports: SenderPorts,
): Promise<Reconciled[]> {
  const login = { ...ports.imapServer, encryption: 'tls', account } as const;
  const decided: Reconciled[] = [];
  let session: MailboxSession | undefined;
  let shared: MailboxSession | undefined;
  try {
    session = await logIn(call, login, ports, ports.openMailbox);
    for (const job of jobs) {
      let copy = await session.findSent(job.record.messageId);
      if (copy === undefined) {
        shared ??= await openShared(call, login, ports);
        copy = await shared?.findSent(job.record.messageId);
      }
      const now = call.now();
      const settled = copy
        ? foundSent(job.record, copy, now)
        : again(job.record, 'Not in Sent Items, so it was not sent', now);
      decided.push({ job, settled });
    }
    return decided;
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('Sent Items could not be read.', { account, code: error.code, cause: error.cause });
    const others = jobs.slice(decided.length);
    return [...decided, ...others.map((job) => ({ job, settled: notRead(job.record, error, policy, call.now()) }))];
  } finally {
    await session?.close();
    await shared?.close();
  }
}

/**
 * The shared mailbox of an account whose delegate logs in: a tenant may have the copies filed there (Set-Mailbox
 * -MessageCopyForSentAsEnabled) instead of with the delegate.
 */
async function openShared(
  call: Call,
  login: SenderPorts['imapServer'] & { readonly encryption: 'tls'; readonly account: string },
  ports: SenderPorts,
): Promise<MailboxSession | undefined> {
  const account = (await ports.accounts.get(login.account))?.value;
  if (account?.kind !== 'shared') return undefined;
  return logIn(call, { ...login, mailbox: account.address }, ports, ports.openMailbox);
}
