import { createHash } from 'node:crypto';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Accepted } from './accepted.ts';

/** What is remembered of a request that carried an `Idempotency-Key`. */
export interface IdempotencyRecord {
  /** SHA-256 of the request's canonical body. */
  readonly fingerprint: string;
  /** The answer that was given, or was about to be given when the process died. */
  readonly answer: Accepted;
  readonly at: string;
}

// After this the first request is dead, not slow: whoever repeats it takes its place, with the same message id.
const patience = 60_000;

/** Where a caller's key is remembered. */
export function idempotencyIdOf(callerId: string, key: string): string {
  return createHash('sha256').update(`${callerId}\n${key}`).digest('hex');
}

/** Tells one body from another: the same fields with the same values have the same fingerprint, in whatever order. */
export function fingerprintOf(request: unknown): string {
  const canonical = JSON.stringify(request, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return createHash('sha256').update(value).digest('hex');
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(canonical).digest('hex');
}

/**
 * Does something once per key: the first request is remembered with its answer before it is done, so that a repeat,
 * even after a crash in the middle, is given or completes the same message.
 * @throws GatewayError `idempotency-key-reused` for another body, `idempotency-key-in-use` while the first is being handled
 */
export async function once(
  call: Call,
  id: string,
  fingerprint: string,
  answer: Accepted,
  records: Collection<IdempotencyRecord>,
  done: (messageId: string) => Promise<boolean>,
): Promise<{ answer: Accepted; replayed: boolean }> {
  try {
    await records.add(id, { fingerprint, answer, at: call.now().toISOString() });
    return { answer, replayed: false };
  } catch (thrown) {
    if (toGatewayError(thrown).code !== 'conflict') throw thrown;
  }
  const earlier = await records.get(id);
  return recall(call, earlier?.value, fingerprint, done);
}

/** What an earlier request with the key says about this one; `replayed` false means: complete it. */
export async function recall(
  call: Call,
  earlier: IdempotencyRecord | undefined,
  fingerprint: string,
  done: (messageId: string) => Promise<boolean>,
): Promise<{ answer: Accepted; replayed: boolean }> {
  if (earlier === undefined) throw inUse();
  if (earlier.fingerprint !== fingerprint) {
    throw new GatewayError('idempotency-key-reused', 'This Idempotency-Key came with another body before.', {
      data: { remedy: 'Use a new key for every new message, and the same body when repeating one.' },
    });
  }
  if (await done(earlier.answer.id)) return { answer: earlier.answer, replayed: true };
  if (call.now().getTime() - Date.parse(earlier.at) < patience) throw inUse();
  return { answer: earlier.answer, replayed: false };
}

function inUse(): GatewayError {
  return new GatewayError(
    'idempotency-key-in-use',
    'The first request with this Idempotency-Key is still being handled.',
    {
      data: { retryAfter: 5, remedy: 'Ask again in a few seconds.' },
    },
  );
}
