import { beforeAll, beforeEach, expect, it } from 'vitest';
import { startSendingFlow, type SendingFlow, type SentMessage } from '../support/sending-flow.ts';

let flow: SendingFlow;
let server: { id: string };
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  server = await flow.addServer({ name: 'Ada', account: ada.id });
});
beforeEach(() => {
  expect(flow.microsoft365.faults.smtp).toEqual([]);
});

it('is sent though some recipients are refused, and says who', async () => {
  flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '550 5.1.1 User unknown' });
  const sent = await flow.send({ to: ['first@outside.example', 'grace@contoso.example'] });
  expect(sent.recipients).toEqual([
    { address: 'first@outside.example', status: 'refused', reply: '550 5.1.1 User unknown' },
    { address: 'grace@contoso.example', status: 'sent' },
  ]);
  expect(sent.lastReply).toMatch(/^250 2\.0\.0 OK/);
  await flow.received('grace@contoso.example', sent.messageId);
});

it('fails when all recipients are refused', async () => {
  flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '550 5.1.1 User unknown', times: 2 });
  const { id } = await flow.accept({ to: ['a@outside.example', 'b@outside.example'] });
  const failed = await flow.reaches(id, 'failed');
  expect(failed).toMatchObject({ attempts: 1, cause: { code: 'recipient-refused', actor: 'caller' } });
  expect(failed.cause?.detail).toContain('a@outside.example');
  expect(failed.recipients.map(({ status }) => status)).toEqual(['refused', 'refused']);
  expect(failed.nextAttemptAt).toBeUndefined();
});

it.each([
  [
    'mail',
    '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    'sender-refused',
    'tenant admin',
  ],
  ['data', '554 5.2.252 SendAsDenied; ada@contoso.example not allowed to send as x', 'sender-refused', 'tenant admin'],
  ['data', '552 5.3.4 Message size exceeds fixed maximum message size', 'message-too-large', 'caller'],
  ['data', '554 5.6.0 Corrupt message content', 'message-refused', 'caller'],
] as const)('fails for good at %s: %s', async (at, reply, code, actor) => {
  flow.microsoft365.faults.smtp.push({ at, reply });
  const { id } = await flow.accept();
  const failed = await flow.reaches(id, 'failed');
  expect(failed).toMatchObject({
    attempts: 1,
    lastReply: reply.slice(reply.indexOf(' ', 4) + 1),
    cause: { code, actor },
  });
  if (code === 'sender-refused') expect(failed.cause?.remedy).toContain('Add-RecipientPermission');
  expect(failed.history.map(({ status }) => status)).toEqual(['queued', 'sending', 'failed']);
  // Nothing is wrong with the server: the next goes out at once.
  const next = await flow.send();
  await flow.received('grace@contoso.example', next.messageId);
});

it('is deferred by a refusal that may pass, with the time of the next attempt, and holds up no other', async () => {
  flow.microsoft365.faults.smtp.push({ at: 'data', reply: '450 4.2.0 Mailbox is being moved' });
  const { id } = await flow.accept({ subject: 'Deferred' });
  const deferred = await flow.reaches(id, 'deferred');
  expect(deferred).toMatchObject({ attempts: 1, cause: { code: 'mail-server-busy', actor: 'operator' } });
  const wait = Date.parse(deferred.nextAttemptAt ?? '') - Date.now();
  expect(wait).toBeGreaterThan(40_000);
  expect(wait).toBeLessThan(73_000);
  await flow.send({ subject: 'Not held up' });
  await flow.host.runTimer('sweepTimer');
  expect((await flow.message(id)).status).toBe('deferred');
  expect(await flow.api.call('GET', `/v1/outgoing-servers/${server.id}`)).not.toHaveProperty('pausedUntil');
});

it('lists messages by status, server and time, newest first, page by page', async () => {
  interface Page {
    data: SentMessage[];
    nextCursor: string | null;
  }
  const list = (query: string): Promise<Page> => flow.api.call('GET', `/v1/messages?${query}`);
  const everything = await list('limit=200');
  expect(everything.nextCursor).toBeNull();
  const createdAt = everything.data.map((message) => message.createdAt);
  expect(createdAt).toEqual(createdAt.toSorted().toReversed());
  for (const status of ['sent', 'failed', 'deferred']) {
    const { data } = await list(`status=${status}`);
    expect(data.length).toBeGreaterThan(0);
    expect(data).toEqual(everything.data.filter((message) => message.status === status));
  }
  expect((await list('status=queued')).data).toEqual([]);
  expect((await list(`outgoingServer=${server.id}&limit=200`)).data).toEqual(everything.data);
  expect((await list('outgoingServer=out_0000000000')).data).toEqual([]);

  const since = createdAt[2] ?? '';
  expect((await list(`since=${since}`)).data).toEqual(everything.data.slice(0, 3));
  const paged: SentMessage[] = [];
  for (let page = await list('limit=3'); ; page = await list(`limit=3&cursor=${page.nextCursor}`)) {
    paged.push(...page.data);
    if (page.nextCursor === null) break;
  }
  expect(paged).toEqual(everything.data);
  expect(JSON.stringify(everything)).not.toMatch(/"(caller|sentBy)":/);
});
