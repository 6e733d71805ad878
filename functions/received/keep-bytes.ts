import { Readable } from 'node:stream';
import { toGatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Room } from '../shared/room.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';

/** What is known of a mail once its bytes are in its blob. */
export interface KeptBytes {
  /** Its beginning, with the headers. */
  readonly head: Uint8Array;
  /** Octets. The size a server lists is an estimate in Exchange (`EnableExactRFC822Size` is off by default). */
  readonly size: number;
}

interface Ports {
  readonly rawMail: RawMail;
  readonly room: Room;
}

const mebibyte = 1024 * 1024;
/** Mail up to this size is read in one command for the whole batch; what is larger is streamed by itself. */
const streamedFrom = 2 * mebibyte;
/** What a stream holds on its way: what the reader brings at a time, and blocks of the blob. */
const streamNeeds = 12 * mebibyte;
/** How much of a mail is looked at for its headers. */
const headLength = 64 * 1024;
const writesAtOnce = 8;

/** Puts the bytes of a batch into blobs. Mail that is gone from the mailbox by now is not among what is answered, by UID. */
export async function keepBytes(
  infos: readonly MessageInfo[],
  nameOf: (uid: number) => string,
  session: MailboxSession,
  { rawMail, room }: Ports,
): Promise<Map<number, KeptBytes>> {
  const kept = new Map<number, KeptBytes>();
  const small = infos.filter(({ size }) => size <= streamedFrom);
  const octets = small.reduce((sum, { size }) => sum + size, 0);
  if (small.length > 0) {
    await room.within(Math.min(octets, (writesAtOnce + 1) * streamedFrom), () => keepSmall(small));
  }
  for (const { uid } of infos.filter(({ size }) => size > streamedFrom)) {
    await room.within(streamNeeds, () => keepLarge(uid));
  }
  return kept;

  async function keepSmall(some: readonly MessageInfo[]): Promise<void> {
    const writes: Promise<void>[] = [];
    const running = new Set<Promise<void>>();
    let failure: { cause: unknown } | undefined;
    const reading = session.read(
      some.map(({ uid }) => uid),
      async (uid, raw) => {
        if (failure !== undefined) throw failure.cause;
        kept.set(uid, { head: new Uint8Array(raw.subarray(0, headLength)), size: raw.byteLength });
        const write = rawMail.put(nameOf(uid), raw).catch((cause: unknown) => {
          failure ??= { cause };
        });
        writes.push(write);
        running.add(write);
        void write.finally(() => running.delete(write));
        if (running.size >= writesAtOnce) await Promise.race(running);
      },
    );
    await reading.finally(() => Promise.all(writes));
    if (failure !== undefined) throw failure.cause;
  }

  async function keepLarge(uid: number): Promise<void> {
    const incoming = await session.stream(uid).catch(nothingWhenGone);
    if (incoming === undefined) return;
    const head: Uint8Array[] = [];
    let size = 0;
    async function* noted(source: Readable) {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        // A copy, for a part of a chunk would keep all of it.
        if (size < headLength) head.push(new Uint8Array(chunk.subarray(0, headLength - size)));
        size += chunk.byteLength;
        yield chunk;
      }
    }
    const content = Readable.from(noted(incoming), { objectMode: false });
    try {
      await rawMail.put(nameOf(uid), content);
    } finally {
      content.destroy();
      incoming.destroy();
    }
    kept.set(uid, { head: Buffer.concat(head), size });
  }
}

function nothingWhenGone(thrown: unknown): undefined {
  if (toGatewayError(thrown).code !== 'not-found') throw thrown;
}
