import { Readable } from 'node:stream';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import { smallMail, type PutSmall, type RawMail, type SmallMail } from '../shared/raw-mail.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';
import type { MailFacts, ParsedMail } from './parse-mime.ts';
import { bytesGone, contentOf, takeApart, type MailContent, type TakeApartPorts } from './take-apart.ts';
import { startWrites } from './writes-under-way.ts';

/** What is known of a mail once its bytes are kept. */
export interface KeptBytes {
  /** The name they have now. */
  readonly blob: string;
  /** What it is judged by. */
  readonly facts: MailFacts;
  /** Left out where it is long: whoever wants it reads it from where it is kept. */
  readonly content?: MailContent;
  /** Octets. The size a server lists is an estimate in Exchange (`EnableExactRFC822Size` is off by default). */
  readonly size: number;
}

/** What is kept of a batch. */
export interface KeptBatch {
  /** By UID; mail that is gone from the mailbox by now is not among it. */
  readonly bytes: ReadonlyMap<number, KeptBytes>;
  /** Why there is no more of it: the connection broke, a command was refused, something could not be kept. */
  readonly brokenOff?: GatewayError;
}

interface Ports extends TakeApartPorts {
  readonly rawMail: RawMail & PutSmall;
}

const mebibyte = 1024 * 1024;
/** Mail up to this size is read in one command for the whole batch; what is larger is streamed by itself. */
const streamedFrom = 12 * mebibyte;
/** What a stream holds on its way: what the reader brings at a time, and blocks of its blob. */
const streamNeeds = 12 * mebibyte;
/** Octets of small mail that are kept with one request, about. */
const keptAtOnce = mebibyte;
/** Characters of text and HTML that are held until a batch is delivered. */
const longText = 128 * 1024;
/** Octets that are on their way to where they are kept while more is read. */
const underWay = 16 * mebibyte;

/**
 * Keeps the bytes of a batch under names made of UID and size, and takes the mail apart. Never throws: what has come before
 * something failed is kept.
 * @param isHere called when nothing is asked of the mailbox any more
 */
export async function keepBytes(
  infos: readonly MessageInfo[],
  nameOf: (uid: number, size: number) => string,
  session: MailboxSession,
  ports: Ports,
  isHere: () => void,
): Promise<KeptBatch> {
  const { rawMail, mimeParser, room } = ports;
  const kept = new Map<number, KeptBytes>();
  /** UIDs of what has come to where it is kept. */
  const written = new Set<number>();
  const brokenOff = await keepAll().then(() => undefined, toGatewayError);
  const bytes = new Map([...kept].filter(([uid]) => written.has(uid)));
  return brokenOff === undefined ? { bytes } : { bytes, brokenOff };

  async function keepAll(): Promise<void> {
    const together = infos.filter(({ size }) => size <= streamedFrom);
    const octets = together.reduce((sum, { size }) => sum + size, 0);
    const alone = infos.filter(({ size }) => size > streamedFrom);
    if (together.length > 0) {
      await room.within(Math.min(octets, underWay + streamedFrom), () =>
        keepTogether(together, alone.length === 0 ? isHere : () => undefined),
      );
    }
    for (const { uid } of alone) {
      const large = await room.within(streamNeeds, () => keepLarge(uid));
      if (large === undefined) continue;
      written.add(uid);
      // Read back: whoever takes it apart needs the whole.
      const mail = await takeApart(large, ports);
      if (mail === undefined) throw bytesGone(large.blob);
      kept.set(uid, { ...large, ...brief(mail) });
    }
  }

  async function keepTogether(some: readonly MessageInfo[], areHere: () => void): Promise<void> {
    const writes = startWrites(underWay);
    let small: (SmallMail & { readonly uid: number })[] = [];
    let waiting = 0;

    function begin(octets: number, uids: readonly number[], write: Promise<void>): Promise<void> {
      const noted = write.then(() => {
        for (const uid of uids) written.add(uid);
      });
      return writes.begin(octets, noted);
    }

    async function keepSmall(): Promise<void> {
      const [mails, size] = [small, waiting];
      [small, waiting] = [[], 0];
      const uids = mails.map(({ uid }) => uid);
      if (uids.length > 0) await begin(size, uids, rawMail.putSmall(mails));
    }

    async function take(uid: number, raw: Uint8Array): Promise<void> {
      const size = raw.byteLength;
      const blob = nameOf(uid, size);
      if (size > smallMail) await begin(size, [uid], rawMail.put(blob, raw));
      else {
        small.push({ uid, name: blob, content: raw });
        waiting += size;
        if (waiting > keptAtOnce) await keepSmall();
      }
      kept.set(uid, { blob, size, ...brief(await mimeParser.parse(raw)) });
    }

    const uids = some.map(({ uid }) => uid);
    // Also of a mail that nobody can take apart the bytes are kept.
    const reading = session.read(uids, take).finally(keepSmall).then(areHere);
    await reading.finally(() => writes.done());
  }

  async function keepLarge(uid: number): Promise<Pick<KeptBytes, 'blob' | 'size'> | undefined> {
    const incoming = await session.stream(uid).catch(nothingWhenGone);
    if (incoming === undefined) return;
    const blob = nameOf(uid, Number.POSITIVE_INFINITY);
    let size = 0;
    async function* counted(source: Readable) {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        size += chunk.byteLength;
        yield chunk;
      }
    }
    const content = Readable.from(counted(incoming), { objectMode: false });
    try {
      await rawMail.put(blob, content);
    } finally {
      content.destroy();
      incoming.destroy();
    }
    return { blob, size };
  }
}

function brief(mail: ParsedMail): Pick<KeptBytes, 'facts' | 'content'> {
  const { text, html = '', attachments, ...facts } = mail;
  return { facts, ...(text.length + html.length <= longText && { content: contentOf(mail) }) };
}

function nothingWhenGone(thrown: unknown): undefined {
  if (toGatewayError(thrown).code !== 'not-found') throw thrown;
}
