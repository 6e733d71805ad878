import { beforeAll, describe, expect, it } from 'vitest';
import { startSendingFlow, type SendingFlow, type SentMessage } from '../support/sending-flow.ts';

let flow: SendingFlow;
let server: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: ada.id });
  await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'ada', catchall: 'support' });
});

const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'S', text: 'Hello' };
const post = (fields: object, path = '', headers: Record<string, string> = {}) =>
  flow.api.ask('POST', `/v1/messages${path}`, { ...plain, ...fields }, headers);
const list = async (query: string): Promise<{ data: SentMessage[]; nextCursor: string | null }> =>
  flow.api.call('GET', `/v1/messages?${query}`);

describe('a dry run', () => {
  it('says what would become of a message, and keeps nothing', async () => {
    const before = await list('limit=200');
    const { status, body } = await post(
      { from: 'Zoë <zoe@elsewhere.example>', cc: ['GRACE@contoso.example', 'jörg@bücher.example'] },
      '?dryRun=true',
      { 'idempotency-key': 'dry' },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outgoingServer: { id: server.id, name: 'Ada' },
      from: 'Zoë <ada@contoso.example>',
      replyTo: ['Zoë <zoe@elsewhere.example>'],
      envelope: { from: 'ada@contoso.example', to: ['grace@contoso.example', 'jörg@bücher.example'] },
      size: expect.any(Number) as number,
      warnings: [
        { pointer: '/from', detail: 'Zoë <zoe@elsewhere.example> becomes Zoë <ada@contoso.example>' },
        { detail: expect.stringContaining('SMTPUTF8') as string },
      ],
    });
    expect(body).not.toHaveProperty('id');
    expect(await list('limit=200')).toEqual(before);
    expect((await post({ subject: 'Another body' }, '', { 'idempotency-key': 'dry' })).status).toBe(202);
  });

  it('is as large as the message will be, and refuses what sending refuses', async () => {
    const { size } = (await post({ text: 'x'.repeat(5000) }, '?dryRun=true')).body as { size: number };
    const sent = await flow.send({ text: 'x'.repeat(5000), subject: 'S' });
    expect(Math.abs(sent.size - size)).toBeLessThan(40);
    expect((await post({ to: [] }, '?dryRun=true')).status).toBe(422);
    expect(await post({}, '?dryRun=perhaps')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '?dryRun' }] },
    });
  });

  it('warns of a forced server that may be refused', async () => {
    const { body } = await post({ from: 'grace@contoso.example', outgoingServer: server.id }, '?dryRun=true');
    expect(body).toMatchObject({
      warnings: [{ pointer: '/from', detail: expect.stringContaining('"Ada" may send as ada@') as string }],
    });
  });
});

describe('who prefers to wait', () => {
  it('is told when it is sent', async () => {
    const { status, headers, body } = await post({}, '', {
      prefer: 'respond-async, wait=20',
      'idempotency-key': 'waits',
    });
    expect([status, body['status'], headers.get('preference-applied')]).toEqual([200, 'sent', 'wait=20']);
    const again = await post({}, '', { prefer: 'wait=20', 'idempotency-key': 'waits' });
    expect([again.status, again.body['id'], again.headers.get('idempotent-replayed')]).toEqual([
      200,
      body['id'],
      'true',
    ]);
    expect(await flow.received('grace@contoso.example', String(body['messageId']))).toBeDefined();
  });

  it('gets the usual answer after that time, at once when it failed, or lies later', async () => {
    flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '450 4.2.1 Try again later' });
    const deferred = await post({}, '', { prefer: 'wait=2' });
    expect([deferred.status, deferred.body['status']]).toEqual([202, 'deferred']);
    flow.microsoft365.faults.smtp.push({ at: 'data', reply: '554 5.2.0 Refused' });
    const failed = await post({}, '', { prefer: 'wait=30' });
    expect([failed.status, failed.body['status']]).toEqual([202, 'failed']);
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const later = await post({ scheduledAt }, '', { prefer: 'wait=99' });
    expect([later.status, later.body['status'], later.headers.get('preference-applied')]).toEqual([
      202,
      'scheduled',
      'wait=30',
    ]);
    const odd = await post({}, '', { prefer: 'wait=soon' });
    expect([odd.status, odd.headers.get('preference-applied')]).toEqual([202, null]);
  });
});

describe('what is shown', () => {
  it('has the From as asked and as sent, priority, and when it is expected to go', async () => {
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await flow.accept({ from: 'Zoë <zoe@elsewhere.example>', priority: 'high', scheduledAt });
    expect(await flow.message(id)).toMatchObject({
      from: 'Zoë <ada@contoso.example>',
      requestedFrom: 'Zoë <zoe@elsewhere.example>',
      priority: 'high',
      estimatedSendAt: scheduledAt,
    });
    expect(await flow.send()).toMatchObject({ priority: 'normal' });
    expect(await flow.send()).not.toHaveProperty('estimatedSendAt');
  });

  it('a message that nobody in particular sends is answered to the catchall address', async () => {
    const { messageId } = await flow.send({ from: undefined });
    const mail = await flow.received('grace@contoso.example', messageId);
    expect(mail.replyTo?.map(({ address }) => address)).toEqual(['support@contoso.example']);
  });

  it('lists by tag and status, page by page while new ones come', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.unshift((await flow.send({ tags: ['run 7', 'other'] })).id);
    await flow.send({ tags: ['run 70'] });
    const first = await list(`tag=${encodeURIComponent('run 7')}&limit=2`);
    await flow.send({ tags: ['run 7'], subject: 'New' });
    const second = await list(`tag=${encodeURIComponent('run 7')}&limit=2&cursor=${first.nextCursor}`);
    const third = await list(`tag=${encodeURIComponent('run 7')}&status=sent&limit=2&cursor=${second.nextCursor}`);
    expect([first, second, third].flatMap(({ data }) => data.map(({ id }) => id))).toEqual(made);
    expect(third.nextCursor).toBeNull();
    expect((await list('tag=run')).data).toEqual([]);
    for (const { status } of (await list('status=failed')).data) expect(status).toBe('failed');
  });

  it('lists the messages of servers that were removed', async () => {
    const grace = await flow.connect('grace@contoso.example');
    const other = await flow.addServer({ name: 'Grace', account: grace.id });
    const sent = await flow.send({ from: 'grace@contoso.example' });
    expect(sent.outgoingServer).toBe(other.id);
    await flow.api.call('DELETE', `/v1/outgoing-servers/${other.id}`);
    expect((await list('limit=3')).data.map(({ id }) => id)).toContain(sent.id);
    expect((await list(`outgoingServer=${other.id}`)).data.map(({ id }) => id)).toEqual([sent.id]);
  });
});
