import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { startHost, type Host } from '../../dev/host/start-host.ts';
import { until } from '../../dev/until.ts';
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow, type SentMessage } from '../support/sending-flow.ts';

interface Results {
  readonly results: readonly {
    readonly index: number;
    readonly status: number;
    readonly message?: SentMessage;
    readonly problem?: { readonly code: string; readonly detail: string; readonly errors: { pointer: string }[] };
  }[];
}

let flow: SendingFlow;
let proxy: CountingProxy;
let host: Host;
let api: ApiClient;
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
  proxy = await startCountingProxy(flow.storage);
  await flow.host.stop();
  const root = fileURLToPath(new URL('../..', import.meta.url));
  host = await startHost({ root, env: { ...flow.settings, AzureWebJobsStorage: proxy.connectionString } });
  api = createApiClient(host.url, flow.adminKey);
});
afterAll(async () => {
  await host.stop();
  await proxy.stop();
});

const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', text: 'Hello' };
const post = (messages: unknown, key?: string) =>
  api.ask<Results>('POST', '/v1/messages/batch', { messages }, key === undefined ? {} : { 'idempotency-key': key });
const subjects = async (prefix: string): Promise<string[]> =>
  (await mailOf(flow.microsoft365, 'grace@contoso.example'))
    .map(({ subject = '' }) => subject)
    .filter((subject) => subject.startsWith(prefix));

it('takes a hundred with few requests to storage, and sends them in their order', async () => {
  const messages = Array.from({ length: 100 }, (_, n) => ({
    ...plain,
    subject: `Hundred ${String(n).padStart(2, '0')}`,
  }));
  await post([{ ...plain, subject: 'Warm' }]);
  await until(async () => (await subjects('Warm')).length === 1);
  const before = proxy.requests.length;
  const { status, body } = await post(messages, 'hundred');
  const asked = proxy.requests.length - before;
  expect(status).toBe(207);
  expect(body.results.map(({ status }) => status)).toEqual(messages.map(() => 202));
  expect(new Set(body.results.map(({ message }) => message?.id)).size).toBe(100);
  // The key, three transactions, the word to the sender; the lists of servers, and what the host asks for meanwhile.
  expect(asked).toBeLessThan(30);
  await until(async () => (await subjects('Hundred')).length === 100);
  expect(await subjects('Hundred')).toEqual(messages.map(({ subject }) => subject));

  const again = await post(messages, 'hundred');
  expect(again.body).toEqual(body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await post(messages.slice(1), 'hundred')).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
});

it('judges each alone, with pointers into the batch', async () => {
  const messages = [
    { ...plain, subject: 'Judged' },
    { ...plain, to: [] },
    'no object',
    { ...plain, reply_to: 'x@y.example', attachments: [{ filename: 'a', content: '?' }] },
    { ...plain, from: 'eve@fabrikam.example' },
    { ...plain, scheduledAt: '2020-01-01T00:00:00Z' },
    { ...plain, idempotencyKey: '' },
    { ...plain, subject: 'Judged as well' },
  ];
  const { status, body } = await post(messages, 'judged');
  expect(status).toBe(207);
  expect(body.results.map(({ index, status }) => [index, status])).toEqual(
    [202, 422, 422, 422, 422, 422, 422, 202].map((expected, index) => [index, expected]),
  );
  expect(body.results.map(({ problem }) => problem?.errors.map(({ pointer }) => pointer))).toEqual([
    undefined,
    ['/messages/1/to'],
    ['/messages/2'],
    ['/messages/3/attachments/0/content', '/messages/3/reply_to'],
    ['/messages/4/from'],
    ['/messages/5/scheduledAt'],
    ['/messages/6/idempotencyKey'],
    undefined,
  ]);
  expect(body.results[4]?.problem).toMatchObject({
    code: 'from-not-allowed',
    detail: expect.stringContaining('"Ada"') as string,
  });
  expect((await post(messages, 'judged')).body).toEqual(body);
  await until(async () => (await subjects('Judged')).length === 2);
});

it('of which nothing is taken leaves its key unused', async () => {
  expect((await post([{ ...plain, to: [] }], 'mended')).body.results[0]?.status).toBe(422);
  expect((await post([{ ...plain, subject: 'Mended' }], 'mended')).body.results[0]?.status).toBe(202);
});

it('takes messages with keys of their own once each', async () => {
  const one = { ...plain, subject: 'Own key', idempotencyKey: 'own 1' };
  const first = await post([one, { ...one, text: 'Another' }, { ...one, idempotencyKey: 'own 2' }]);
  expect(first.body.results.map(({ status, problem }) => [status, problem?.code])).toEqual([
    [202, undefined],
    [422, 'idempotency-key-reused'],
    [202, undefined],
  ]);
  const again = await post([one]);
  expect(again.body.results[0]?.message?.id).toBe(first.body.results[0]?.message?.id);
  await until(async () => (await subjects('Own key')).length === 2);
});

it('is refused whole when it is no batch', async () => {
  for (const [messages, pointer] of [
    [[], '/messages'],
    [Array.from({ length: 101 }, () => plain), '/messages'],
    [plain, '/messages'],
  ] as const)
    expect(await post(messages)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  const { body } = await api.ask('POST', '/v1/messages/batch', { messages: [plain], mode: 'strict' });
  expect(body).toMatchObject({ errors: [{ pointer: '/mode' }] });
});
