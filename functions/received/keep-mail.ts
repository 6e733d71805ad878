import { deliverNew } from '../events/deliver-new.ts';
import { receivedEvent } from '../events/event.ts';
import { raiseEvents } from '../events/raise-events.ts';
import { placeOf, type IncomingServer } from '../servers/incoming-server.ts';
import { formatMailbox, type Mailbox } from '../shared/address.ts';
import { findAnswered } from '../messages/sent-ids.ts';
import type { Call } from '../shared/call.ts';
import { causeOf, GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { keepBytes, type KeptBatch, type KeptBytes } from './keep-bytes.ts';
import { judgeMail, type Judged } from './judge-mail.ts';
import { contentKeyOf, type KnownMail } from './known-mail.ts';
import type { LoopGuard } from './loop-guard.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import { readBounce } from './read-bounce.ts';
import { rawNameOf, receivedIdOf, type MailPlace, type ReceivedMessage } from './received-message.ts';
import { rememberMail } from './recent-mail.ts';

/** Where a batch of mail comes from. */
export interface Source {
  readonly server: IncomingServer;
  readonly folder: string;
  readonly uidValidity: number;
  readonly guard: LoopGuard;
}

/**
 * Reads a batch of mail and keeps its bytes. Never throws.
 * @param isHere called when nothing is asked of the mailbox any more
 */
export function readMails(
  source: Omit<Source, 'guard'>,
  infos: readonly MessageInfo[],
  session: MailboxSession,
  ports: FetchPorts,
  isHere: () => void = () => undefined,
): Promise<KeptBatch> {
  return keepBytes(infos, (uid, size) => rawNameOf(mailPlace(source, uid), size), session, ports, isHere);
}

/**
 * Keeps a batch of mail whose bytes are kept: the ledger's rows, then the deliveries. Done again after a crash it changes
 * nothing that was done. What is known is not kept a second time; what is held back is delivered to nobody. Answers the
 * UIDs of what is known.
 */
export async function keepMail(
  call: Call,
  source: Source,
  infos: readonly MessageInfo[],
  bytes: ReadonlyMap<number, KeptBytes>,
  known: KnownMail,
  session: MailboxSession,
  ports: FetchPorts,
): Promise<number[]> {
  const missing = infos.filter(({ uid }) => !bytes.has(uid));
  if (missing.length > 0) await demandGone(missing, session);
  const read = await Promise.all(
    infos.flatMap((info) => {
      const kept = bytes.get(info.uid);
      return kept === undefined ? [] : [readMail(call, source, info, kept, ports)];
    }),
  );
  const judged: Judged[] = [];
  const met: number[] = [];
  for (const { row, facts, content } of read) {
    if (known.has(contentKeyOf(row))) {
      await ports.rawMail.remove(row.blob);
      met.push(row.uid);
      continue;
    }
    const judgement = judgeMail(call, await withBounce(call, row, ports), facts, source);
    judged.push(judgement);
    if (judgement.destinations.length > 0 && content !== undefined)
      rememberMail({ row: judgement.row, content }, ports.recentMail);
  }
  await ports.received.add(judged.map(({ row }) => ({ record: row })));
  for (const { row } of judged) if (row.status !== 'received') await holdBack(row, ports);
  const events = judged.flatMap(({ event }) => event ?? []);
  if (events.length > 0) call.log.warn('A loop is suspected.', { incomingServer: source.server.id });
  await raiseEvents(events, ports);
  await deliver(call, judged, ports);
  return met;
}

/**
 * A row that was there stays as it is. It may be from before a crash and say received, and the rules may have been changed
 * since: held back by the new ones, it must be found among what is.
 */
async function holdBack(row: ReceivedMessage, { received }: FetchPorts): Promise<void> {
  await received.amend(row.id, (kept) => (kept.status === 'received' ? { record: row } : undefined));
}

async function deliver(call: Call, judged: readonly Judged[], ports: FetchPorts): Promise<void> {
  const delivering = [...new Set(judged.flatMap(({ destinations }) => destinations))].map((destination) => {
    const events = judged
      .filter(({ destinations }) => destinations.includes(destination))
      .map(({ row }) => receivedEvent(row.id, new Date(row.fetchedAt)));
    return deliverNew(call, destination, events, ports);
  });
  // Whatever fails, nothing of it goes on behind our back.
  await Promise.allSettled(delivering);
  await Promise.all(delivering);
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
    blob: rawNameOf(mailPlace(source, info.uid), info.size),
    size: info.size,
    from: '',
    to: [],
    subject: '',
    flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
    reason: { kind: 'unreadable', detail: error.message },
    cause: causeOf(error, call.now()),
  };
  await received.add([{ record }]);
  call.log.warn('A mail could not be read and was parked.', {
    ...{ received: record.id, incomingServer: source.server.id },
    code: error.code,
  });
}

/** A delivery report is about a message, and answers none. */
async function readMail(call: Call, source: Source, info: MessageInfo, kept: KeptBytes, ports: FetchPorts) {
  const { facts, content } = kept;
  const answered = facts.flags.bounce ? undefined : await findAnswered(facts.inReplyTo, facts.references, ports);
  const row = ledgerRow(call, source, info, kept);
  return { facts, content, row: answered === undefined ? row : { ...row, answers: answered.id } };
}

function ledgerRow(
  call: Call,
  source: Source,
  info: MessageInfo,
  { blob, size, facts: { from, to, subject, messageId, flags } }: KeptBytes,
): ReceivedMessage {
  return {
    ...placed(call, source, info),
    status: 'received',
    blob,
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
    createdAt: internalDate.toISOString(),
    fetchedAt: call.now().toISOString(),
  };
}

function mailPlace({ server, folder, uidValidity }: Omit<Source, 'guard'>, uid: number): MailPlace {
  return { incomingServer: server.id, place: placeOf(server), folder, uidValidity, uid };
}

/** A row has to fit into storage with all others of its batch, whatever a stranger writes into a header. */
function briefly({ name, address }: Mailbox): string {
  return formatMailbox({ address: cut(address, 254), ...(name !== undefined && { name: cut(name, 100) }) });
}

function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
