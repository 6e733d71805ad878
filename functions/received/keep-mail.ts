import { newDelivery } from '../events/delivery.ts';
import { receivedEvent } from '../events/event.ts';
import { placeOf, type IncomingServer } from '../servers/incoming-server.ts';
import { formatMailbox, type Mailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import { causeOf, GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { keepBytes, type KeptBytes } from './keep-bytes.ts';
import { contentKeyOf, type KnownMail } from './known-mail.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import { readBounce } from './read-bounce.ts';
import { rawNameOf, receivedIdOf, type MailPlace, type ReceivedMessage } from './received-message.ts';

/** Where a batch of mail comes from. */
export interface Source {
  readonly server: IncomingServer;
  readonly folder: string;
  readonly uidValidity: number;
}

/**
 * Keeps a batch of mail: the bytes first, then the ledger's rows, then the deliveries, then word to the deliverer. Done
 * again after a crash it changes nothing that was done. What is known is not kept a second time.
 */
export async function keepMail(
  call: Call,
  source: Source,
  infos: readonly MessageInfo[],
  known: KnownMail,
  session: MailboxSession,
  ports: FetchPorts,
): Promise<void> {
  const bytes = await keepBytes(infos, (uid) => rawNameOf(mailPlace(source, uid)), session, ports);
  const missing = infos.filter(({ uid }) => !bytes.has(uid));
  if (missing.length > 0) await demandGone(missing, session);
  const messages: ReceivedMessage[] = [];
  for (const info of infos) {
    const kept = bytes.get(info.uid);
    if (kept === undefined) continue;
    const row = await ledgerRow(call, source, info, kept, ports);
    if (known.has(contentKeyOf(row))) await ports.rawMail.remove(row.blob);
    else messages.push(await withBounce(call, row, ports));
  }
  await ports.received.add(messages.map((record) => ({ record })));
  for (const destination of source.server.destinations) {
    const deliveries = messages.map(({ id, fetchedAt }) =>
      newDelivery(destination, receivedEvent(id, new Date(fetchedAt))),
    );
    await ports.deliveries.add(deliveries.map((record) => ({ record, dueAt: record.createdAt })));
    if (deliveries.length > 0) await ports.queues.deliver(destination);
  }
}

/** A report is noted on the message it is about before its own row is written, so that no crash comes between. */
async function withBounce(call: Call, row: ReceivedMessage, ports: FetchPorts): Promise<ReceivedMessage> {
  const bounce = await readBounce(call, row, ports);
  return bounce === undefined ? row : { ...row, bounce };
}

/** Mail that was listed and is not given may be gone from the mailbox by now; what is still listed is not. */
async function demandGone(missing: readonly MessageInfo[], session: MailboxSession): Promise<void> {
  const uids = missing.map(({ uid }) => uid);
  const [first, last] = [Math.min(...uids), Math.max(...uids)];
  const there = await session.after(first - 1, last - first + 1);
  const withheld = there.find(({ uid }) => uids.includes(uid));
  if (withheld === undefined) return;
  throw new GatewayError('mail-server-busy', `The mail server lists UID ${withheld.uid} but does not give it.`);
}

/** Notes in the ledger that a mail lies in the mailbox which could not be read. */
export async function parkMail(
  call: Call,
  source: Source,
  info: MessageInfo,
  error: GatewayError,
  { received }: Pick<FetchPorts, 'received'>,
): Promise<void> {
  const record: ReceivedMessage = {
    ...placed(call, source, info),
    status: 'parked',
    size: info.size,
    from: '',
    to: [],
    subject: '',
    flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
    cause: causeOf(error, call.now()),
  };
  await received.add([{ record }]);
}

async function ledgerRow(
  call: Call,
  source: Source,
  info: MessageInfo,
  { head, size }: KeptBytes,
  { mimeParser }: FetchPorts,
): Promise<ReceivedMessage> {
  const { from, to, subject, messageId, flags } = await mimeParser.parseHeaders(head);
  return {
    ...placed(call, source, info),
    status: 'received',
    size,
    from: from === undefined ? '' : briefly(from),
    to: to.slice(0, 100).map(briefly),
    subject: cut(subject, 1000),
    // RFC 5322 2.1.1 has no longer lines, and half an id is none.
    ...(messageId !== undefined && messageId.length <= 998 && { messageId }),
    flags,
  };
}

function placed(call: Call, source: Source, { uid, internalDate }: MessageInfo) {
  const where = mailPlace(source, uid);
  return {
    id: receivedIdOf(where, internalDate),
    incomingServer: source.server.id,
    mailbox: source.server.mailbox,
    folder: source.folder,
    uidValidity: source.uidValidity,
    uid,
    blob: rawNameOf(where),
    createdAt: internalDate.toISOString(),
    fetchedAt: call.now().toISOString(),
  };
}

function mailPlace({ server, folder, uidValidity }: Source, uid: number): MailPlace {
  return { incomingServer: server.id, place: placeOf(server), folder, uidValidity, uid };
}

/** A row has to fit into storage with all others of its batch, whatever a stranger writes into a header. */
function briefly({ name, address }: Mailbox): string {
  return formatMailbox({ address: cut(address, 254), ...(name !== undefined && { name: cut(name, 100) }) });
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
