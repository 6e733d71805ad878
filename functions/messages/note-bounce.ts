import { newEvent } from '../events/event.ts';
import { raiseEvents, type RaisePorts } from '../events/raise-events.ts';
import type { DeliveryReport } from '../received/delivery-report.ts';
import type { ReceivedMessage } from '../received/received-message.ts';
import type { Call } from '../shared/call.ts';
import { bounced, type Bounced } from './bounced.ts';
import { isFinished } from './change-message.ts';
import type { Message } from './message.ts';
import { findSentMessage, type SentIdPorts } from './sent-ids.ts';

export type BouncePorts = RaisePorts & SentIdPorts;

/** A report names the message it returns first. */
const lookedUp = 10;

/**
 * Notes on the message that a delivery report is about what became of it, and raises `message.bounced`. Answers the
 * message's id; undefined when it is none of ours. Doing it again changes nothing and tells nobody twice.
 */
export async function noteBounce(
  call: Call,
  received: Pick<ReceivedMessage, 'id' | 'createdAt'>,
  report: DeliveryReport,
  ports: BouncePorts,
): Promise<string | undefined> {
  for (const messageId of report.messageIds.slice(0, lookedUp)) {
    const message = await findSentMessage(messageId, ports);
    if (message === undefined) continue;
    const known = bounced(message, report, call.now());
    if (known === undefined) return message.id;
    // Told first: after a crash in between, telling again makes the same event.
    if (known.recipients.length > 0) await tell(received, known, ports);
    await keep(call, message, report, ports);
    return message.id;
  }
  return undefined;
}

function tell(
  received: Pick<ReceivedMessage, 'id' | 'createdAt'>,
  { message, recipients }: Bounced,
  ports: RaisePorts,
): Promise<void> {
  const { id, messageId, from, subject, outgoingServer, tags, metadata } = message;
  const data = {
    ...{ id, messageId, from, subject, outgoingServer, tags, metadata, status: message.status, report: received.id },
    recipients: recipients.map(({ address, code, reply }) => ({ address, code, reason: reply })),
  };
  // The same report is the same event, whenever it is read.
  const event = newEvent('message.bounced', id, new Date(received.createdAt), data, received.id);
  return raiseEvents([event], ports);
}

/**
 * A message that is still worked on is changed as its sender would change it. When the sender was faster it is left
 * alone: it was told about, and the received report names it.
 */
async function keep(call: Call, message: Message, report: DeliveryReport, { messages }: BouncePorts): Promise<void> {
  const job = isFinished(message) && !message.untold ? undefined : await messages.job(message.id);
  if (job === undefined) {
    await messages.amend(message.id, (kept) => {
      const known = bounced(kept, report, call.now());
      return known && { record: known.message };
    });
    return;
  }
  const record = bounced(job.record, report, call.now())?.message;
  if (record === undefined) return;
  // What came back was sent, however the connection had ended; anything else goes on for its other recipients.
  const isOver = job.record.status === 'unknown';
  const goesOn = job.record.untold ? record : { ...record, status: job.record.status };
  await messages.step([isOver ? { job, record } : { job, record: goesOn, dueAt: job.dueAt }]);
}
