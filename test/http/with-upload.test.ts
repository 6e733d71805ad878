import type { HttpRequest } from '@azure/functions';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withUpload } from '../../functions/http/with-upload.ts';

const second = 1000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A request whose body gives a chunk each time it is asked for one, so many seconds later; the last time nothing. */
function slowRequest(left: number[]): HttpRequest {
  const body = new ReadableStream({
    async pull(controller) {
      const pause = left.shift();
      if (pause === undefined) {
        controller.close();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause * second));
      controller.enqueue(Buffer.from('chunk'));
    },
  });
  return { headers: new Headers(), body } as unknown as HttpRequest;
}

async function read(request: HttpRequest): Promise<string> {
  const reading = withUpload(request, 1_000_000, async (body) => {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  });
  const outcome = reading.catch((error: unknown) => Promise.resolve((error as { code: string }).code));
  for (let passed = 0; passed < 400; passed++) await vi.advanceTimersByTimeAsync(second);
  return outcome;
}

test('a body may be slow', async () => {
  expect(await read(slowRequest([29, 29, 29]))).toBe('chunkchunkchunk');
});

test('a body that pauses for half a minute is given up', async () => {
  expect(await read(slowRequest([1, 31]))).toBe('request-unreadable');
});

test('a body that takes more than three minutes is given up, however steadily it comes', async () => {
  expect(await read(slowRequest(Array.from({ length: 400 }, () => 1)))).toBe('request-unreadable');
});

test('what is left of a body is read when the work gives up, and the work’s own refusal stands', async () => {
  const pauses = [0, 0, 0];
  const request = slowRequest(pauses);
  const refused = withUpload(request, 1_000_000, () => Promise.reject(new Error('Refused')));
  const outcome = expect(refused).rejects.toThrow('Refused');
  await vi.advanceTimersByTimeAsync(10 * second);
  await outcome;
  expect(pauses).toEqual([]);
});
