import { PassThrough } from 'node:stream';
import { newDelivery, receivedEvent } from '../events/delivery.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import { formatMailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { FetchPorts } from './fetch-ports.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import { rawNameOf, receivedIdOf, type ReceivedMessage } from './received-message.ts';

/** Where a batch of mail comes from. */
interface Source {
  readonly server: IncomingServer;
  readonly folder: string;
  readonly uidValidity: number;
}

/** Mail up to this size, in octets, is read in one command for the whole batch; what is larger is streamed by itself. */
const streamedFrom = 1024 * 1024;
/** How much of a mail is looked at for its headers. */
const headLength = 64 * 1024;
const writesAtOnce = 8;

/**
 * Keeps a batch of mail: the bytes first, then the ledger's rows, then the deliveries, then word to the deliverer. Done
 * again after a crash it changes nothing that was done.
 */
export async function keepMail(
  call: Call,
  source: Source,
  infos: readonly MessageInfo[],
  session: MailboxSession,
  ports: FetchPorts,
): Promise<void> {
  const heads = await keepBytes(source, infos, session, ports);
  const messages: ReceivedMessage[] = [];
  for (const info of infos) {
    // Gone from the mailbox between the list and the reading: there is nothing to keep.
    const head = heads.get(info.uid);
    if (head !== undefined) messages.push(await ledgerRow(call, source, info, head, ports));
  }
  await ports.received.add(messages.map((record) => ({ record })));
  const { destinations } = source.server;
  for (const destination of destinations) {
    const deliveries = messages.map(({ id, fetchedAt }) =>
      newDelivery(destination, receivedEvent(id, new Date(fetchedAt))),
    );
    await ports.deliveries.add(deliveries.map((record) => ({ record, dueAt: record.createdAt })));
    if (deliveries.length > 0) await ports.queues.deliver(destination);
  }
}

/** Puts the bytes into blobs, and answers the beginning of each mail by its UID. */
async function keepBytes(
  { server, folder, uidValidity }: Source,
  infos: readonly MessageInfo[],
  session: MailboxSession,
  { rawMail }: FetchPorts,
): Promise<Map<number, Uint8Array>> {
  const heads = new Map<number, Uint8Array>();
  const nameOf = (uid: number): string => rawNameOf(server.id, folder, uidValidity, uid);

  const small = infos.filter(({ size }) => size <= streamedFrom).map(({ uid }) => uid);
  const writes = new Set<Promise<void>>();
  if (small.length > 0) {
    await session.read(small, async (uid, raw) => {
      heads.set(uid, new Uint8Array(raw.subarray(0, headLength)));
      const write = rawMail.put(nameOf(uid), raw).finally(() => writes.delete(write));
      writes.add(write);
      if (writes.size >= writesAtOnce) await Promise.race(writes);
    });
    await Promise.all(writes);
  }

  for (const { uid } of infos.filter(({ size }) => size > streamedFrom)) {
    const head: Uint8Array[] = [];
    let length = 0;
    const passing = new PassThrough();
    passing.on('data', (chunk: Uint8Array) => {
      if (length < headLength) head.push(chunk.slice(0, headLength - length));
      length += chunk.byteLength;
    });
    const incoming = await session.stream(uid);
    incoming.once('error', (error) => passing.destroy(error));
    await rawMail.put(nameOf(uid), incoming.pipe(passing));
    heads.set(uid, Buffer.concat(head));
  }
  return heads;
}

async function ledgerRow(
  call: Call,
  { server, folder, uidValidity }: Source,
  { uid, size, internalDate }: MessageInfo,
  head: Uint8Array,
  { mimeParser }: FetchPorts,
): Promise<ReceivedMessage> {
  const { from, to, subject, messageId, flags } = await mimeParser.parseHeaders(head);
  return {
    id: receivedIdOf(server.id, folder, uidValidity, uid, internalDate),
    incomingServer: server.id,
    status: 'received',
    mailbox: server.mailbox,
    folder,
    uidValidity,
    uid,
    blob: rawNameOf(server.id, folder, uidValidity, uid),
    size,
    from: from === undefined ? '' : formatMailbox(from),
    to: to.slice(0, 100).map(formatMailbox),
    subject: subject.slice(0, 1000),
    messageId,
    flags,
    createdAt: internalDate.toISOString(),
    fetchedAt: call.now().toISOString(),
  };
}
