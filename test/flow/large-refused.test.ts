import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { blobNames } from '../support/blobs.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { keysHeld, uploadsTo, type Uploads } from '../support/uploads.ts';

const mebibyte = 1024 * 1024;
let flow: SendingFlow;
let uploads: Uploads;
let server: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  uploads = uploadsTo(flow);
  const ada = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: ada.id });
});

const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'S', text: 'T' };
const type = 'multipart/form-data; boundary=x';

function part(head: string, content: string): string {
  return `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
}
const message = (more: object = {}): string => part('name="message"', JSON.stringify({ ...plain, ...more }));
const file = (name = 'f', content = 'content'): string => part(`name="${name}"; filename="f.txt"`, content);
const end = '--x--\r\n';

async function nothingIsLeft(): Promise<void> {
  const { data } = await flow.api.call<{ data: unknown[] }>('GET', '/v1/messages');
  expect(data).toEqual([]);
  expect(await blobNames(flow.storage.connectionString, 'outgoing/')).toEqual([]);
}

describe('a form', () => {
  it.each<[string, string, number, string, string[]]>([
    ['without a message', file() + end, 422, 'request-invalid', ['/message']],
    ['with the message behind a file', file() + message() + end, 422, 'request-invalid', ['/message']],
    ['with two messages', message() + file() + message() + end, 422, 'request-invalid', ['/message']],
    ['with nothing in it', end, 422, 'request-invalid', ['/message']],
    ['with attachments in the message', message({ attachments: [] }) + end, 422, 'request-invalid', ['/attachments']],
    ['with wrong fields', message({ to: ['nobody'], x: 1 }) + file() + end, 422, 'request-invalid', ['/to/0', '/x']],
    ['with a field more', message() + part('name="subject"', 'S') + end, 422, 'request-invalid', ['/subject']],
    [
      'with a file without a name',
      message() + part('name=f; filename=""', '') + end,
      422,
      'request-invalid',
      ['/attachments/0/filename'],
    ],
    ['with a bad Content-ID', message() + file('cid:<x>') + end, 422, 'request-invalid', ['/attachments/0/contentId']],
    [
      'with a bad type',
      `${message()}--x\r\nContent-Type: nonsense\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n\r\n${end}`,
      422,
      'request-invalid',
      ['/attachments/0/contentType'],
    ],
    ['with too many files', message() + file().repeat(201) + end, 422, 'request-invalid', ['/attachments']],
    ['with a part without headers', `${message()}--x\r\n${end}`, 422, 'request-invalid', ['']],
    ['with a part without a name', `${message()}--x\r\nX: y\r\n\r\n\r\n${end}`, 422, 'request-invalid', ['']],
    [
      'with huge headers',
      `${message()}--x\r\nContent-Disposition: form-data; name=f; filename=f\r\nX: ${'x'.repeat(100_000)}\r\n\r\n\r\n${end}`,
      422,
      'request-invalid',
      [''],
    ],
    [
      'from whom no server may send',
      message({ from: 'eve@fabrikam.example' }) + file() + end,
      422,
      'from-not-allowed',
      ['/from'],
    ],
    ['whose message is not JSON', part('name=message', '{') + end, 400, 'request-unreadable', []],
    [
      'with another boundary',
      message().replaceAll('--x', '--y') + end.replace('x', 'y'),
      400,
      'request-unreadable',
      [],
    ],
    ['that is cut off in a file', message() + file().slice(0, -4), 400, 'request-unreadable', []],
    ['that is cut off in a header', `${message()}--x\r\nContent-Dis`, 400, 'request-unreadable', []],
    ['that is empty', '', 400, 'request-unreadable', []],
    ['whose message is too large', message({ text: 'x'.repeat(2 * mebibyte) }) + end, 413, 'body-too-large', []],
  ])('%s is refused', async (_name, body, status, code, pointers) => {
    const answer = await uploads.post(body, type);
    const errors = (answer.body['errors'] ?? []) as { pointer: string }[];
    expect([answer.status, answer.body['code'], errors.map(({ pointer }) => pointer)]).toEqual([
      status,
      code,
      pointers,
    ]);
    await nothingIsLeft();
  });

  it('without a boundary in its type, or of another type, is refused', async () => {
    const { status, body } = await uploads.post(message() + end, 'multipart/form-data');
    expect([status, body['code']]).toEqual([400, 'request-unreadable']);
    const other = await uploads.post('x', 'text/plain');
    expect(other.status).toBe(415);
    for (const taken of ['application/json', 'multipart/form-data', 'message/rfc822'])
      expect(other.body['detail']).toContain(taken);
  });

  it('whose client goes away leaves nothing', async () => {
    const headers = { authorization: `Bearer ${flow.adminKey}`, 'content-type': type, 'idempotency-key': 'gone' };
    const sending = request(`${flow.url}/v1/messages`, { method: 'POST', headers });
    sending.on('error', () => undefined);
    sending.write(message() + file('f', 'x'.repeat(6 * mebibyte)).slice(0, -2));
    await until(async () => (await keysHeld(flow)) === 1);
    sending.destroy();
    await until(async () => (await keysHeld(flow)) === 0);
    await nothingIsLeft();
  });
});

describe('a body over the limit', () => {
  it.each([type, 'message/rfc822'])('of %s is refused by its declared length', async (contentType) => {
    const status = await new Promise((resolve, reject) => {
      const headers = {
        ...{ authorization: `Bearer ${flow.adminKey}`, 'content-type': contentType },
        'content-length': 150 * mebibyte + 1,
      };
      const sending = request(`${flow.url}/v1/messages`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', reject).flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('is refused where it becomes too large, when it says nothing of its length', { timeout: 60_000 }, async () => {
    async function* endless() {
      yield Buffer.from('From: ada@contoso.example\r\nTo: grace@contoso.example\r\n\r\n');
      for (let n = 0; n < 151; n++) yield Buffer.alloc(mebibyte, 'x\r\n');
      await Promise.resolve();
    }
    const { status, body } = await uploads.post(ReadableStream.from(endless()), 'message/rfc822', {
      query: '?dryRun=true',
    });
    expect([status, body['code']]).toEqual([413, 'body-too-large']);
    expect(body['detail']).toContain('157,286,400 octets');
  });
});

describe('a message larger than its server takes', () => {
  it('is refused at once in every form, with both sizes, and leaves its key unused', async () => {
    await flow.api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { maxMessageSize: 100_000 });
    const content = Buffer.alloc(90_000, 'x');
    const key = { 'idempotency-key': 'large' };
    const raw = `From: ada@contoso.example\r\nTo: grace@contoso.example\r\n\r\n${'x\r\n'.repeat(40_000)}`;
    const attachments = [{ filename: 'f', content: content.toString('base64') }];
    const answers = [
      await flow.api.ask('POST', '/v1/messages', { ...plain, attachments }, key),
      await uploads.form(plain, [{ part: 'f', filename: 'f', content }], key),
      await uploads.post(raw, 'message/rfc822', { headers: key }),
    ];
    for (const { status, body } of answers) {
      expect([status, body['code']]).toEqual([413, 'message-too-large']);
      expect(body['detail']).toMatch(/has (more than )?1\d\d,\d{3} octets .* takes 100,000 at most/);
    }
    await nothingIsLeft();
    expect((await flow.api.ask('POST', '/v1/messages', plain, key)).status).toBe(202);
    await flow.api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { maxMessageSize: null });
    expect((await flow.api.ask('POST', '/v1/messages', { ...plain, attachments })).status).toBe(202);
  });
});
