import { formatMailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Content, Entry, Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { Planned } from './accepted.ts';
import type { ComposeMime } from './compose-mime.ts';
import { composeRequest, recipientsOf } from './compose-request.ts';
import type { MessageFacts, MessageRequest } from './message-request.ts';
import type { Message } from './message.ts';
import { blobOf } from './outgoing-blobs.ts';
import { noteSentId, type SentId } from './sent-ids.ts';

export interface KeepPorts {
  readonly messages: Records<Message>;
  readonly sentIds: States<SentId>;
  readonly rawMail: RawMail;
  readonly queues: WorkQueues;
  readonly composeMime: ComposeMime;
}

/** A message that is to be kept as it was planned. */
export interface Keeping {
  readonly request: MessageRequest;
  readonly planned: Planned;
}

/** Octets of MIME that are kept in the table beside the message; what is larger goes to a blob. */
export const inlineLimit = 48 * 1024;

/**
 * Keeps messages, server by server in their order, and sets the servers to work. Doing it again changes nothing: the id
 * that `lastKept` names is there when all are.
 */
export async function keepMessages(call: Call, keeping: readonly Keeping[], ports: KeepPorts): Promise<void> {
  for (const [server, ofServer] of byServer(keeping, ({ planned }) => planned)) {
    const entries: Entry<Message>[] = [];
    for (const one of ofServer) entries.push(await entryOf(call, one, ports));
    await ports.messages.add(entries);
    if (entries.some(({ record }) => record.status === 'queued')) await ports.queues.send(server);
  }
}

/** The id of the message that is kept after all others. */
export function lastKept(planned: readonly Planned[]): string | undefined {
  return [...byServer(planned, (one) => one).values()].at(-1)?.at(-1)?.answer.id;
}

function byServer<T>(things: readonly T[], plannedOf: (thing: T) => Planned): Map<string, T[]> {
  return Map.groupBy(things, (thing) => plannedOf(thing).answer.outgoingServer);
}

async function entryOf(call: Call, { request, planned }: Keeping, ports: KeepPorts): Promise<Entry<Message>> {
  const mime = await composeRequest(request, planned, ports.composeMime);
  const record = messageOf(call.caller.id, request, planned, mime.byteLength);
  const dueAt = record.scheduledAt ?? record.createdAt;
  if (mime.byteLength <= inlineLimit) return { record, dueAt, content: { inline: mime } };
  const blob = blobOf(record.id);
  await ports.rawMail.put(blob, mime);
  return { record, dueAt, content: { blob } };
}

/** What a message says, where it is kept. */
export interface KeptContent {
  readonly content: Content;
  readonly size: number;
}

/** Keeps one message whose content is written, and sets its server to work. */
export async function keepMessage(
  call: Call,
  request: MessageFacts,
  planned: Planned,
  { content, size }: KeptContent,
  ports: Pick<KeepPorts, 'messages' | 'sentIds' | 'queues'>,
): Promise<void> {
  const record = messageOf(call.caller.id, request, planned, size);
  if (request.messageId !== undefined) await noteSentId(request.messageId, record.id, ports.sentIds);
  const dueAt = record.scheduledAt ?? record.createdAt;
  await ports.messages.add([{ record, dueAt, content }]);
  if (record.status === 'queued') await ports.queues.send(record.outgoingServer);
}

function messageOf(caller: string, request: MessageFacts, { answer, sender }: Planned, size: number): Message {
  const { from, to = [], cc = [], bcc = [], scheduledAt, expiresAt } = request;
  const recipients = recipientsOf(request);
  return {
    id: answer.id,
    caller,
    status: answer.status,
    messageId: answer.messageId,
    from: answer.from,
    ...(from !== undefined && { requestedFrom: formatMailbox(from) }),
    to: to.map(formatMailbox),
    cc: cc.map(formatMailbox),
    bcc: bcc.map(formatMailbox),
    subject: request.subject,
    outgoingServer: answer.outgoingServer,
    envelope: { from: sender.envelopeFrom, to: recipients },
    recipients: recipients.map((address) => ({ address, status: 'waiting' })),
    size,
    priority: request.priority,
    ...(scheduledAt !== undefined && { scheduledAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    attempts: 0,
    history: [{ at: answer.createdAt, status: answer.status }],
    tags: request.tags,
    metadata: request.metadata,
    createdAt: answer.createdAt,
  };
}
