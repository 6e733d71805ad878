import { asciiDomain, type MailDomain } from '../servers/mail-domain.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import { domainOf, formatMailbox, normalise, type Mailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Recent } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { randomKey, recordId } from '../shared/ids.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { Accepted, Planned } from './accepted.ts';
import type { ComposeMime } from './compose-mime.ts';
import { fingerprintOf, idempotencyIdOf, once, type IdempotencyRecord } from './idempotency.ts';
import type { MessageRequest } from './message-request.ts';
import type { Message } from './message.ts';
import { routeMessage, type Route } from './route-message.ts';

interface Ports {
  readonly outgoingServers: Collection<OutgoingServer> & Recent<OutgoingServer>;
  readonly domains: Collection<MailDomain> & Recent<MailDomain>;
  readonly messages: Records<Message>;
  readonly idempotency: Collection<IdempotencyRecord>;
  readonly rawMail: RawMail;
  readonly queues: WorkQueues;
  readonly composeMime: ComposeMime;
}

/** Octets of MIME that are kept in the table beside the message; what is larger goes to a blob. */
const inlineLimit = 48 * 1024;

/**
 * Takes a message: when this resolves it is kept, and will be sent or its failure told, whatever crashes.
 * @throws GatewayError `from-not-allowed`, `forbidden`, `request-invalid`, `idempotency-key-reused`, `idempotency-key-in-use`
 */
export async function acceptMessage(
  call: Call,
  request: MessageRequest,
  idempotencyKey: string | undefined,
  ports: Ports,
): Promise<{ answer: Accepted; replayed: boolean }> {
  const plan = (): Promise<Planned> => planMessage(call, request, ports);
  if (idempotencyKey === undefined) {
    const planned = await plan();
    await keepMessage(call, request, planned, ports);
    return { answer: planned.answer, replayed: false };
  }
  const key = { id: idempotencyIdOf(call.caller.id, checkedKey(idempotencyKey)), fingerprint: fingerprintOf(request) };
  const isKept = async (id: string): Promise<boolean> => (await ports.messages.get(id)) !== undefined;
  const { planned, isDone } = await once(call, key, plan, ports.idempotency, isKept);
  if (!isDone) await keepMessage(call, request, planned, ports);
  return { answer: planned.answer, replayed: isDone };
}

async function planMessage(call: Call, request: MessageRequest, ports: Ports): Promise<Planned> {
  const { choice, ...sender } = await route(call, request, ports);
  const now = call.now();
  const id = recordId('msg', choice.server.id, now, randomKey());
  const answer: Accepted = {
    id,
    status: 'queued',
    messageId: `<${id}@${asciiDomain(domainOf(sender.headerFrom.address))}>`,
    from: formatMailbox(sender.headerFrom),
    outgoingServer: choice.server.id,
    estimatedSendAt: now.toISOString(),
    createdAt: now.toISOString(),
  };
  return { answer, sender };
}

async function route(call: Call, request: MessageRequest, { outgoingServers, domains }: Ports): Promise<Route> {
  const [servers, mailDomains] = await Promise.all([outgoingServers.recent(), domains.recent()]);
  try {
    return routeMessage(call.caller, request, values(servers), values(mailDomains));
  } catch {
    // What was missing may have been set up a moment ago, through another instance.
    const [nowServers, nowDomains] = await Promise.all([outgoingServers.list(), domains.list()]);
    return routeMessage(call.caller, request, values(nowServers), values(nowDomains));
  }
}

async function keepMessage(
  call: Call,
  request: MessageRequest,
  { answer, sender }: Planned,
  ports: Ports,
): Promise<void> {
  const { to = [], cc = [], bcc = [] } = request;
  const replyTo = request.replyTo ?? (sender.replyTo === undefined ? [] : [sender.replyTo]);
  const mime = await ports.composeMime({
    messageId: answer.messageId,
    date: new Date(answer.createdAt),
    from: sender.headerFrom,
    to,
    cc,
    replyTo,
    subject: request.subject,
    text: request.text,
    html: request.html,
    attachments: request.attachments,
    inReplyTo: request.inReplyTo,
    references: request.references,
    headers: request.headers,
  });
  const recipients = distinct([...to, ...cc, ...bcc]);
  const message: Message = {
    id: answer.id,
    caller: call.caller.id,
    status: 'queued',
    messageId: answer.messageId,
    from: answer.from,
    ...(request.from !== undefined && { requestedFrom: formatMailbox(request.from) }),
    to: to.map(formatMailbox),
    cc: cc.map(formatMailbox),
    bcc: bcc.map(formatMailbox),
    subject: request.subject,
    outgoingServer: answer.outgoingServer,
    envelope: { from: sender.envelopeFrom, to: recipients },
    recipients: recipients.map((address) => ({ address, status: 'waiting' })),
    size: mime.byteLength,
    priority: request.priority,
    attempts: 0,
    history: [{ at: answer.createdAt, status: 'queued' }],
    tags: request.tags,
    metadata: request.metadata,
    createdAt: answer.createdAt,
  };
  const blob = `outgoing/${answer.id}.eml`;
  if (mime.byteLength > inlineLimit) await ports.rawMail.put(blob, mime);
  const content = mime.byteLength > inlineLimit ? { blob } : { inline: mime };
  await ports.messages.add([{ record: message, dueAt: answer.createdAt, content }]);
  await ports.queues.send(answer.outgoingServer);
}

function checkedKey(key: string): string {
  if (/^[\x20-\x7e]{1,256}$/.test(key)) return key;
  throw new GatewayError('request-invalid', 'Idempotency-Key: must be 1 to 256 printable characters', {
    data: { errors: [{ pointer: 'Idempotency-Key', detail: 'must be 1 to 256 printable ASCII characters' }] },
  });
}

/** Each address once, as it was first written. */
function distinct(mailboxes: readonly Mailbox[]): string[] {
  const seen = new Map<string, string>();
  for (const { address } of mailboxes) if (!seen.has(normalise(address))) seen.set(normalise(address), address);
  return [...seen.values()];
}

function values<T>(stored: readonly { readonly value: T }[]): T[] {
  return stored.map(({ value }) => value);
}
