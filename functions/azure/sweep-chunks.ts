import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const sweepEvery = 2 * 1024 * 1024;

/**
 * Passes chunks on, and has those that are through swept away every few megabytes. To V8 a chunk is a handle of some
 * hundred octets, with its content outside of the heap: left to itself it lets more than a hundred megabytes of them pile
 * up before it looks. One sweep of the young generation takes about a millisecond.
 */
export async function* sweepChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of chunks) {
    yield chunk;
    passed += chunk.byteLength;
    if (passed < sweepEvery) continue;
    passed = 0;
    sweep();
  }
}

type Sweep = (options: { readonly type: 'minor' }) => void;
let collector: Sweep | undefined;

function sweep(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as Sweep;
    setFlagsFromString('--no-expose-gc');
  }
  collector({ type: 'minor' });
}
