import type { Call } from '../shared/call.ts';
import type { PassingStates, States } from '../shared/collection.ts';
import { ofThisMinute } from '../shared/of-this-minute.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import { keptSince, sweepOld, type Swept } from '../shared/sweep-old.ts';
import { isFinished } from './change-message.ts';
import { listMessageOwners, type OwnerPorts } from './message-owners.ts';
import type { Message } from './message.ts';
import { forgetSentIds, type SentId } from './sent-ids.ts';

interface Ports extends OwnerPorts {
  /** Left out: messages are kept for ever. */
  readonly historyDays?: number | undefined;
  readonly messages: Records<Message>;
  readonly sentIds: PassingStates<SentId>;
  readonly swept: States<Swept>;
  readonly rawMail: RawMail;
}

/** Forgets finished messages to which nothing has happened for so many days. Each server has its minute of the hour. */
export async function forgetMessages(call: Call, ports: Ports): Promise<void> {
  if (ports.historyDays === undefined) return;
  const before = keptSince(call.now(), ports.historyDays);
  const { messages: records, swept } = ports;
  for (const server of ofThisMinute(await listMessageOwners(ports), call.now()))
    await sweepOld(call, server, before, { records, swept }, (some) => forgetSome(some, before, ports));
}

/**
 * What names a message goes before it, for only it knows of that. Its content goes after: somebody may have wanted it sent
 * again in this moment. A crash in between leaves a blob that no message has, and these are removed at night.
 */
async function forgetSome(some: readonly Message[], before: string, ports: Ports): Promise<void> {
  const isOld = (message: Message): boolean => isOver(message, before);
  const old = some.filter(isOld);
  await Promise.all(old.map((message) => forgetSentIds(message, ports.sentIds)));
  const ids = old.map(({ id }) => id);
  for (const content of await ports.messages.removeIf(ids, isOld))
    if ('blob' in content) await ports.rawMail.remove(content.blob);
}

/** A message that is `unknown` waits for somebody's word, however long. */
function isOver(message: Message, before: string): boolean {
  const { status, untold, history, createdAt } = message;
  if (!isFinished(message) || status === 'unknown' || untold !== undefined) return false;
  return (history.at(-1)?.at ?? createdAt) < before;
}
