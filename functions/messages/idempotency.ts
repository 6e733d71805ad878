import { createHash } from 'node:crypto';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { isPlanned, type PlannedItem } from './accepted.ts';

/** What is remembered of a request that carried an `Idempotency-Key`. */
export interface IdempotencyRecord {
  /** SHA-256 of the request's canonical body. */
  readonly fingerprint: string;
  /** What was answered and done, or was about to be when the process died, message by message. */
  readonly planned: readonly PlannedItem[];
  readonly at: string;
}

// After this the first request is taken for dead: whoever repeats it takes its place. If it was only slow, both write the
// same message, under the same id, and the second to do so changes nothing.
const patience = 15_000;

export const idempotencyKeyPattern = /^[\x20-\x7e]{1,256}$/;

/** @throws GatewayError `request-invalid` */
export function demandKey(key: string): void {
  if (idempotencyKeyPattern.test(key)) return;
  const detail = 'must be 1 to 256 printable ASCII characters';
  throw new GatewayError('request-invalid', `Idempotency-Key: ${detail}`, {
    data: { errors: [{ pointer: 'Idempotency-Key', detail }] },
  });
}

/** Where a caller's key is remembered. */
export function idempotencyIdOf(callerId: string, key: string): string {
  return hashOf(`${callerId}\n${key}`);
}

/** Tells one body from another: the same fields with the same values have the same fingerprint, in whatever order. */
export function fingerprintOf(request: unknown): string {
  return hashOf(JSON.stringify(canonical(request)));
}

/** Done by hand: JSON.stringify writes a Buffer as a list of numbers before a replacer sees it. */
function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array) return hashOf(value);
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, canonical(field)]));
}

function hashOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export interface OnceResult {
  readonly planned: readonly PlannedItem[];
  /** False: it is for this request to do what is planned. */
  readonly isDone: boolean;
}

/**
 * Does something once per key: what the first request plans is remembered before it is done, so that a repeat, even
 * after a crash in the middle, is told or completes the same. What was planned stands, also when the servers have
 * changed since and a new plan would be refused. A request of which nothing is taken leaves its key unused.
 * @throws GatewayError `idempotency-key-reused` for another body, `idempotency-key-in-use` while the first is being
 *   handled, and what `plan` throws for the first request
 */
export async function once(
  call: Call,
  { id, fingerprint }: { id: string; fingerprint: string },
  plan: () => Promise<readonly PlannedItem[]>,
  records: Collection<IdempotencyRecord>,
  isDone: (planned: readonly PlannedItem[]) => Promise<boolean>,
): Promise<OnceResult> {
  let planned: readonly PlannedItem[] | undefined;
  let refusal: unknown;
  try {
    planned = await plan();
    if (planned.some(isPlanned)) {
      await records.add(id, { fingerprint, planned, at: call.now().toISOString() });
      return { planned, isDone: false };
    }
  } catch (thrown) {
    refusal = thrown;
  }
  const earlier = (await records.get(id))?.value;
  if (
    earlier !== undefined &&
    (planned === undefined || earlier.fingerprint !== fingerprint || !isSame(earlier.planned, planned))
  )
    return recall(call, earlier, fingerprint, isDone);
  // Our own, which storage kept while its answer was lost on the way, or which was taken up again; or nothing that would have to be kept.
  if (planned !== undefined && (earlier !== undefined || refusal === undefined)) return { planned, isDone: false };
  throw refusal;
}

/** True for one and the same plan: ids are random. */
function isSame(one: readonly PlannedItem[], other: readonly PlannedItem[]): boolean {
  const firstId = (planned: readonly PlannedItem[]): string | undefined => planned.find(isPlanned)?.answer.id;
  return firstId(one) === firstId(other);
}

async function recall(
  call: Call,
  { fingerprint, planned, at }: IdempotencyRecord,
  wanted: string,
  isDone: (planned: readonly PlannedItem[]) => Promise<boolean>,
): Promise<OnceResult> {
  if (fingerprint !== wanted) {
    throw new GatewayError('idempotency-key-reused', 'This Idempotency-Key came with another body before.', {
      data: { remedy: 'Use a new key for every new message, and the same body when repeating one.' },
    });
  }
  if (await isDone(planned)) return { planned, isDone: true };
  if (call.now().getTime() - Date.parse(at) < patience) throw inUse();
  return { planned, isDone: false };
}

/** The refusal of a request whose key another one holds at this moment. */
export function inUse(): GatewayError {
  return new GatewayError(
    'idempotency-key-in-use',
    'The first request with this Idempotency-Key is still being handled.',
    {
      data: { retryAfter: 5, remedy: 'Ask again in a few seconds.' },
    },
  );
}
