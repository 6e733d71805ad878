import { Readable } from 'node:stream';
import { concernsServer, throttlesMailbox } from '../servers/outgoing-pause.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job } from '../shared/records.ts';
import type { Message } from './message.ts';
import type { OutgoingConnection } from './outgoing-connection.ts';
import { again, outstanding, putOff, refused, sent, undecided, type Settled } from './settle-message.ts';

export interface HandedOver {
  /** What became of the message; left out: nothing, because its mailbox is throttled. */
  readonly settled?: Settled;
  /** What went wrong, if something did. */
  readonly error?: GatewayError;
  /** The connection had only come to its end: the message keeps its place, for another one. */
  readonly hasEnded: boolean;
}

/**
 * Hands a message to the server. Never throws: whatever happens, the message is settled by it.
 * @param isBegun resolves when it is kept that the message is `sending`, to nothing if it is another's. The envelope goes ahead meanwhile; no octet of the
 *   content leaves before, so that the server cannot have the message.
 * @param since when its account was connected, for what is old
 */
export async function handOverMessage(
  call: Call,
  job: Job<Message>,
  isBegun: Promise<Job<Message> | undefined>,
  connection: OutgoingConnection,
  rawMail: RawMail,
  since?: string,
): Promise<HandedOver> {
  const { record: message } = job;
  const { hasServed } = connection;
  // Where the envelope is refused nobody asks for the content.
  isBegun.catch(() => undefined);
  try {
    const content = Readable.from(contentOf(job, isBegun, rawMail), { objectMode: false });
    const result = await connection.send(outstanding(message), content, message.size);
    return { settled: sent(message, result, call.now(), Math.random(), since), hasEnded: false };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('A message was not sent.', { message: message.id, code: error.code, cause: error.cause });
    if (throttlesMailbox(error)) return { error, hasEnded: false };
    // Servers end a connection after a time or a number of messages. One that never served is another matter.
    const hasEnded = call.signal.aborted || (hasServed && error.code === 'mail-server-unreachable');
    return { settled: settle(call, job, error, hasEnded, since), error, hasEnded };
  }
}

function settle(
  call: Call,
  { record: message, dueAt }: Job<Message>,
  error: GatewayError,
  hasEnded: boolean,
  since: string | undefined,
): Settled {
  const now = call.now();
  if (error.code === 'outcome-unknown') return undecided(message, error.message, now);
  if (hasEnded) return { ...again(message, 'The connection ended before it was handed over', now), dueAt };
  // On a time of its own, so that it cannot hold up the ones behind it.
  return concernsServer(error)
    ? putOff(message, error, now, Math.random(), since)
    : refused(message, error, now, Math.random(), since);
}

/** The content, once it is kept that the message is being sent. */
async function* contentOf(
  { content }: Job<Message>,
  isBegun: Promise<Job<Message> | undefined>,
  rawMail: RawMail,
): AsyncGenerator<Uint8Array> {
  if ((await isBegun) === undefined) throw new Error('Somebody else has changed this message.');
  if (content !== undefined && 'inline' in content) {
    yield content.inline;
    return;
  }
  const stored = content === undefined ? undefined : await rawMail.get(content.blob);
  // Only somebody with access to the storage can bring that about.
  if (stored === undefined) throw new GatewayError('not-found', 'The content of this message is gone from storage.');
  yield* stored as AsyncIterable<Uint8Array>;
}
