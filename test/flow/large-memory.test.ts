import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startSendingFlow, type SendingFlow, type SentMessage } from '../support/sending-flow.ts';
import { uploadsTo } from '../support/uploads.ts';
import { workerMemoryOf } from '../support/worker-memory.ts';

const mebibyte = 1024 * 1024;
const large = 100;
const block = randomBytes(mebibyte);
// Lines of 76 characters of base64, as a whole mebibyte when they are decoded.
const encodedBlock = Buffer.from(`${block.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`);

let flow: SendingFlow;
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
});

/** Many of the same between a head and an end, made as they are asked for. */
function* between(head: string, middle: Uint8Array, count: number, end: string): Generator<Uint8Array> {
  yield Buffer.from(head);
  for (let n = 0; n < count; n++) yield middle;
  yield Buffer.from(end);
}

const message = { from: 'ada@contoso.example', to: 'o@outside.example', subject: 'Large', text: 'See the file.' };
const formHead = [
  `--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n${JSON.stringify(message)}\r\n`,
  '--x\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n',
].join('');
const rawHead = [
  'From: ada@contoso.example\r\nTo: o@outside.example\r\nSubject: Large\r\nContent-Disposition: attachment; filename=large.bin\r\n',
  'MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
].join('');

const kinds = {
  'multipart/form-data; boundary=x': (size: number) => between(formHead, block, size, '\r\n--x--\r\n'),
  'message/rfc822': (size: number) => between(rawHead, encodedBlock, size, ''),
};

async function send(contentType: keyof typeof kinds, size: number): Promise<SentMessage> {
  const body = ReadableStream.from(kinds[contentType](size));
  const answer = await uploadsTo(flow).post(body, contentType);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const id = String(answer.body['id']);
  return until(async () => {
    const now = await flow.message(id);
    return now.status === 'sent' && now;
  }, 120_000);
}

/** What the file that arrived last holds. */
function arrived(): { length: number; sha256: string } {
  const raw = flow.microsoft365.outside().at(-1)?.raw ?? Buffer.alloc(0);
  const start = raw.indexOf('\r\n\r\n', raw.lastIndexOf('large.bin')) + 4;
  const end = raw.indexOf('\r\n--', start);
  // Line by line, for each mebibyte may end with padding.
  const digest = createHash('sha256');
  let length = 0;
  for (let at = start; at < (end === -1 ? raw.length : end);) {
    const next = raw.indexOf('\r\n', at);
    const line = Buffer.from(raw.toString('latin1', at, next === -1 ? raw.length : next), 'base64');
    digest.update(line);
    length += line.length;
    at = next === -1 ? raw.length : next + 2;
  }
  return { length, sha256: digest.digest('hex') };
}

function expected(): { length: number; sha256: string } {
  const digest = createHash('sha256');
  for (let n = 0; n < large; n++) digest.update(block);
  return { length: large * mebibyte, sha256: digest.digest('hex') };
}

// The kernel tells the most memory a process ever had; elsewhere there is nobody to ask.
it.runIf(process.platform === 'linux').each(Object.keys(kinds) as (keyof typeof kinds)[])(
  'a file of 100 MiB arrives whole as %s, and costs the process less than 64 MiB',
  { timeout: 200_000 },
  async (contentType) => {
    // What is loaded and made once is not counted.
    await send(contentType, 2);
    const memory = workerMemoryOf(flow.host.pid);
    const before = memory.start();
    await send(contentType, large);
    expect((memory.most() - before) / mebibyte).toBeLessThan(64);
    expect(arrived()).toEqual(expected());
  },
);
