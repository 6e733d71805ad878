import type { Call } from '../shared/call.ts';
import type { Passing } from '../shared/collection.ts';

/** Callers are promised a day. */
const keptFor = 24 * 3_600_000;
const minute = 60_000;
/** Ids are hexadecimal hashes: their first two digits part them evenly. */
const parts = 256;
const rounds = 10;

/**
 * Forgets idempotency keys older than a day. Each minute looks at another part of them, so that no run reads them all;
 * after some four hours each part has had its turn.
 */
export async function forgetKeys(call: Call, { idempotency }: { idempotency: Passing }): Promise<void> {
  const now = call.now().getTime();
  const prefix = (Math.floor(now / minute) % parts).toString(16).padStart(2, '0');
  for (let round = 0; round < rounds && !call.signal.aborted; round++)
    if ((await idempotency.removeOlder(new Date(now - keptFor), prefix)) === 0) return;
}
