import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

interface Answered {
  readonly status: number;
  readonly problem: Record<string, unknown>;
}

async function post(
  path: string,
  body: string | Uint8Array | ReadableStream,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(flow.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${flow.adminKey}`, 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  expect(response.headers.get('x-request-id')).toBeTruthy();
  return { status: response.status, problem: (await response.json()) as Record<string, unknown> };
}

/** A body without a declared length: sent in chunks. */
function inChunks(...chunks: readonly string[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });
}

describe('a body', () => {
  it.each([
    ['cut off', '{"address": "a@b.example"'],
    ['empty', ''],
    ['two values', '{} {}'],
    ['a comment', '{/* */}'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['form fields', 'address=a%40b.example'],
  ])('that is not JSON (%s) is told apart from one with wrong fields', async (_name, body) => {
    const { status, problem } = await post('/v1/accounts', body);
    expect([status, problem['code'], problem['detail']]).toEqual([
      400,
      'request-unreadable',
      'The body is not JSON in UTF-8.',
    ]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data; boundary=x'])(
    'of the type %s is not taken',
    async (type) => {
      const { status, problem } = await post('/v1/accounts', '{"address":"a@b.example"}', { 'content-type': type });
      expect([status, problem['code']]).toEqual([415, 'media-type-unsupported']);
      expect(problem['detail']).toContain(type.split(';')[0]);
      expect(problem['remedy']).toContain('application/json');
    },
  );

  it('without a type is not taken', async () => {
    const { status, problem } = await post('/v1/accounts', Buffer.from('{}'), { 'content-type': '' });
    expect([status, problem['code']]).toEqual([415, 'media-type-unsupported']);
  });

  it('may name its character set, in any case', async () => {
    const type = { 'content-type': 'Application/JSON; charset=utf-8' };
    const { status } = await post('/v1/accounts', '\ufeff{"address":"charset@contoso.example"}', type);
    expect(status).toBe(201);
  });

  it('sent in chunks arrives whole', async () => {
    const pieces = ['{"addr', 'ess":"chunks@con', 'toso.example"}'];
    const { status, problem } = await post('/v1/accounts', inChunks(...pieces));
    expect([status, problem['address']]).toEqual([201, 'chunks@contoso.example']);
  });

  it('is refused where a call takes none, unless there is nothing in it', async () => {
    const { id } = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
    const path = `/v1/accounts/${id}/connect`;
    expect((await post(path, '')).status).toBe(200);
    expect((await post(path, '{}')).status).toBe(200);
    const { status, problem } = await post(path, '{"leadTo":"https://example.com"}');
    expect([status, problem['errors']]).toEqual([422, [{ pointer: '/leadTo', detail: 'is not a field of this call' }]]);
  });
});

describe('a body that is too large', () => {
  const megabyte = 1_048_576;

  /** Declares a length and sends nothing of it: answered all the same, or this waits until the test is over. */
  async function declare(path: string, length: number): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${flow.adminKey}`,
        'content-type': 'application/json',
        'content-length': length,
      };
      const sending = request(flow.url + path, { method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, problem: JSON.parse(text) as Record<string, unknown> });
          sending.destroy();
        });
      });
      sending.on('error', reject).flushHeaders();
    });
  }

  it('is refused by its declared length, before any of it is read', async () => {
    const { status, problem } = await declare('/v1/accounts', megabyte + 1);
    expect([status, problem['code']]).toEqual([413, 'body-too-large']);
    expect(problem['detail']).toContain('1,048,576 octets');
    expect((await declare('/v1/messages', 35 * megabyte + 1)).status).toBe(413);
  });

  it('is refused while it is read, when its length was not declared', async () => {
    const chunk = ' '.repeat(64 * 1024);
    const { status, problem } = await post('/v1/accounts', inChunks(...Array.from({ length: 40 }, () => chunk)));
    expect([status, problem['code']]).toEqual([413, 'body-too-large']);
  });

  it('is one thing, and one that just fits another', async () => {
    const fitting = JSON.stringify({ address: 'fitting@contoso.example' }).padEnd(megabyte);
    expect((await post('/v1/accounts', fitting)).status).toBe(201);
    expect((await post('/v1/accounts', `${fitting} `)).status).toBe(413);
  });

  it('is not read at all for somebody without a key', async () => {
    const { status } = await post('/v1/messages', inChunks('{"text":"', 'x'.repeat(3 * megabyte), '"}'), {
      authorization: 'Bearer nobody',
    });
    expect(status).toBe(401);
  });

  it('leaves the host in good health', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => flow.api.ask('GET', '/v1/accounts')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});
