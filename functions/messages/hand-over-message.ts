import type { Readable } from 'node:stream';
import { concernsServer } from '../servers/outgoing-pause.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Job } from '../shared/records.ts';
import type { Message } from './message.ts';
import type { OutgoingConnection } from './outgoing-connection.ts';
import { again, putOff, refused, sent, undecided, type Settled } from './settle-message.ts';

export interface HandedOver {
  /** What became of the message. */
  readonly settled: Settled;
  /** What went wrong, if something did. */
  readonly error?: GatewayError;
  /** The connection had only come to its end: the message keeps its place, for another one. */
  readonly hasEnded: boolean;
}

/**
 * Hands a message that was begun to the server. Never throws: whatever happens, the message is settled by it. `since` is
 * when its account was connected, for what is old.
 */
export async function handOverMessage(
  call: Call,
  job: Job<Message>,
  connection: OutgoingConnection,
  rawMail: RawMail,
  since?: string,
): Promise<HandedOver> {
  const { record: message } = job;
  const { hasServed } = connection;
  try {
    const result = await connection.send(message.envelope, await contentOf(job, rawMail), message.size);
    return { settled: sent(message, result, call.now()), hasEnded: false };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    call.log.warn('A message was not sent.', { message: message.id, code: error.code, cause: error.cause });
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

async function contentOf({ content }: Job<Message>, rawMail: RawMail): Promise<Uint8Array | Readable> {
  if (content !== undefined && 'inline' in content) return content.inline;
  const stored = content === undefined ? undefined : await rawMail.get(content.blob);
  if (stored !== undefined) return stored;
  // Only somebody with access to the storage can bring that about.
  throw new GatewayError('not-found', 'The content of this message is gone from storage.');
}
