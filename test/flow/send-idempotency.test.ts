import { beforeAll, expect, it } from 'vitest';
import { mailOf } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

let flow: SendingFlow;
let server: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: ada.id });
});

const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'Once', text: 'Hello' };
const post = (fields: Record<string, unknown>, key: string) =>
  flow.api.ask('POST', '/v1/messages', { ...plain, ...fields }, { 'idempotency-key': key });
const inbox = async (subject: string) =>
  (await mailOf(flow.microsoft365, 'grace@contoso.example')).filter((mail) => mail.subject === subject);

it('replays the answer to the same request, and says so', async () => {
  const first = await post({}, 'replay');
  expect(first.status).toBe(202);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(first.headers.get('location')).toBe(`/v1/messages/${String(first.body['id'])}`);
  await flow.reaches(String(first.body['id']), 'sent');

  const again = await post({}, 'replay');
  expect(again).toMatchObject({ status: 202, body: first.body });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
});

it('refuses another body, whatever the first became', async () => {
  const other = await post({ subject: 'Another' }, 'replay');
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused', retryable: false } });
});

it('takes one message of ten requests at once, and the caller gets it by asking again', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => post({ subject: 'At once' }, 'at once')));
  const taken = answers.filter(({ status }) => status === 202);
  const told = answers.filter(({ status }) => status === 409);
  expect(taken.length + told.length).toBe(10);
  for (const { body, headers } of told) {
    expect(body).toMatchObject({ code: 'idempotency-key-in-use', retryable: true });
    expect(headers.get('retry-after')).toBe('5');
  }
  const ids = new Set(taken.map(({ body }) => body['id']));
  expect(ids.size).toBe(1);
  expect(taken.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  const again = await post({ subject: 'At once' }, 'at once');
  expect(again.body['id']).toBe([...ids][0]);
  await flow.reaches(String(again.body['id']), 'sent');
  expect(await inbox('At once')).toHaveLength(1);
});

it('keeps its word when the server may not send as this From any more', async () => {
  const first = await post({ subject: 'Before' }, 'changed');
  await flow.reaches(String(first.body['id']), 'sent');
  await flow.api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { fromFilter: ['somebody@contoso.example'] });
  expect((await post({ subject: 'Before' }, 'unused')).status).toBe(422);
  const again = await post({ subject: 'Before' }, 'changed');
  expect(again).toMatchObject({ status: 202, body: first.body });
  await flow.api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { fromFilter: ['ada@contoso.example'] });
  expect(await inbox('Before')).toHaveLength(1);
});

it('leaves the key of a refused request unused', async () => {
  expect((await post({ to: 'nobody' }, 'mended')).status).toBe(422);
  expect((await post({}, 'mended')).status).toBe(202);
});

it('keeps the keys of different callers apart', async () => {
  const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', {
    name: 'b',
    scopes: ['messages.send'],
  });
  const mine = await post({}, 'shared');
  const headers = { 'idempotency-key': 'shared', authorization: `Bearer ${key}` };
  const theirs = await flow.api.ask('POST', '/v1/messages', plain, headers);
  expect(theirs.status).toBe(202);
  expect(theirs.body['id']).not.toBe(mine.body['id']);
});

it('refuses keys that are too long', async () => {
  expect((await post({}, 'x'.repeat(256))).status).toBe(202);
  expect(await post({}, 'x'.repeat(257))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: 'Idempotency-Key' }] },
  });
});
