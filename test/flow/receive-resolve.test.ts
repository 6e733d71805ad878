import { beforeAll, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';
import { refusedPointers } from '../support/refused-pointers.ts';

const longTexts = Array.from({ length: 50 }, () => 'x'.repeat(150));
const ada = 'ada@contoso.example';
let flow: Flow;
let account: string;
let server: string;
let destination: string;
let rules: Record<string, unknown>[];

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(ada)).id;
  const hook = { kind: 'webhook', name: 'Receiver', url: 'https://receiver.example' };
  destination = (await flow.api.call<{ id: string }>('POST', '/v1/destinations', hook)).id;
  rules = [
    { name: 'Robots', match: { flags: { autoReply: true } }, then: 'drop' },
    { name: 'Sales', match: { recipient: ['sales@contoso.example'] }, then: { destinations: [destination] } },
    { match: {}, then: 'park' },
  ];
  server = await addConfirmed(flow, { account, rules, loopGuard: {}, every: 1440 });
});

const resolve = (body: unknown, headers?: Record<string, string>) =>
  flow.api.call('POST', `/v1/incoming-servers/${server}/resolve`, body, headers);

it('a server shows its rules and its loop guard, and PATCH replaces them', async () => {
  const path = `/v1/incoming-servers/${server}`;
  expect(await flow.api.call('GET', path)).toMatchObject({
    rules,
    loopGuard: { messages: 20, minutes: 120, except: [] },
  });
  const changes = { rules: [{ match: { subject: 'one' }, then: 'park' }], loopGuard: null };
  const shown = { ...changes, rules: [{ match: { subject: ['one'] }, then: 'park' }] };
  expect(await flow.api.call('PATCH', path, changes)).toMatchObject({ state: 'confirmed', ...shown });
  expect(await flow.api.call('PATCH', path, { name: 'Other' })).toMatchObject(shown);
  await flow.api.call('PATCH', path, { rules });
});

it('a dry run says which rule takes a message, what it does, and why those before it do not', async () => {
  const message = { from: 'Grace <grace@navy.example>', to: 'ada@contoso.example', subject: 'Grüße' };
  expect(await resolve({ message: { ...message, headers: { 'Delivered-To': 'Sales@Contoso.example' } } })).toEqual({
    outcome: 'deliver',
    destinations: [destination],
    rule: { index: 1, name: 'Sales' },
    why: 'Sales takes it.',
    passedOver: [{ index: 0, name: 'Robots', why: 'It is not flagged autoReply.' }],
    mail: {
      from: 'grace@navy.example',
      recipients: ['sales@contoso.example', 'ada@contoso.example'],
      subject: 'Grüße',
      flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
    },
  });
  expect(await resolve({ message: { headers: { 'Auto-Submitted': 'auto-replied' } } })).toMatchObject({
    ...{ outcome: 'drop', destinations: [], rule: { index: 0 }, passedOver: [] },
  });
  expect(await resolve({ message })).toMatchObject({ outcome: 'park', rule: { index: 2 }, passedOver: [{}, {}] });
});

it('it tries other rules, on a message that was received, and takes a message as it is', async () => {
  await flow.microsoft365.deliver(ada, mail('an invoice'));
  await fetchNow(flow, server);
  const [row] = await listReceived(flow, server);
  const tried = [{ match: { subject: ['offer'] }, then: 'drop' }];
  expect(await resolve({ received: row?.id, rules: tried })).toMatchObject({
    ...{
      outcome: 'deliver',
      destinations: [],
      passedOver: [{ index: 0, why: 'The subject does not contain "offer".' }],
    },
    mail: { subject: 'an invoice', from: 'grace@contoso.example' },
  });
  expect(await resolve({ received: row?.id })).toMatchObject({ outcome: 'park' });
  const response = await fetch(`${flow.url}/v1/incoming-servers/${server}/resolve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${flow.adminKey}`, 'content-type': 'message/rfc822' },
    body: mail('raw', 'x'.repeat(200_000), 'Envelope-To: sales@contoso.example'),
  });
  expect([response.status, await response.json()]).toMatchObject([200, { rule: { name: 'Sales' } }]);
  expect((await listReceived(flow, server)).map(({ subject }) => subject)).toEqual(['an invoice']);
});

it.each<[string, unknown, string[]]>([
  ['no list', {}, ['/rules']],
  ['no outcome', [{ match: {} }], ['/rules/0/then']],
  ['an unknown outcome', [{ then: 'burn' }], ['/rules/0/then']],
  ['an unknown field', [{ then: 'drop', when: 1 }], ['/rules/0/when']],
  ['an unknown condition', [{ match: { body: 'x' }, then: 'drop' }], ['/rules/0/match/body']],
  ['no pattern', [{ match: { recipient: ['*'] }, then: 'drop' }], ['/rules/0/match/recipient/0']],
  ['no patterns', [{ match: { sender: [] }, then: 'drop' }], ['/rules/0/match/sender']],
  ['an empty text', [{ match: { subject: '' }, then: 'drop' }], ['/rules/0/match/subject/0']],
  ['a line break', [{ match: { sender: ['a@b.example\r\n'] }, then: 'drop' }], ['/rules/0/match/sender/0']],
  ['no flag', [{ match: { flags: {} }, then: 'drop' }], ['/rules/0/match/flags']],
  ['an unknown flag', [{ match: { flags: { list: true, spam: true } }, then: 'drop' }], ['/rules/0/match/flags/spam']],
  ['no id', [{ then: { destinations: ['#'] } }], ['/rules/0/then/destinations/0']],
  [
    'an id of nothing',
    [{ then: 'park' }, { then: { destinations: ['dst_0123456789'] } }],
    ['/rules/1/then/destinations/0'],
  ],
  ['too much text', Array.from({ length: 20 }, () => ({ match: { subject: longTexts }, then: 'park' })), ['/rules']],
  ['too many', Array.from({ length: 101 }, () => ({ then: 'park' })), ['/rules']],
])('rules with %s are refused, in a server and in a dry run', async (_name, wrong, pointers) => {
  const servers = '/v1/incoming-servers';
  expect(await refusedPointers(flow.api, servers, { name: 'S', account, rules: wrong })).toEqual(pointers);
  expect(await refusedPointers(flow.api, `${servers}/${server}`, { rules: wrong }, 'PATCH')).toEqual(pointers);
  expect(await refusedPointers(flow.api, `${servers}/${server}/resolve`, { message: {}, rules: wrong })).toEqual(
    pointers,
  );
});

it.each<[string, unknown, string[]]>([
  ['neither a message nor an id', {}, ['']],
  ['both', { message: {}, received: 'rcv_1' }, ['']],
  ['a header with a line break', { message: { headers: { 'X-A': 'a\r\nTo: b@c.example' } } }, ['/message/headers/X-A']],
  ['a header without a name', { message: { headers: { 'X A': 'a' } } }, ['/message/headers/X A']],
  ['a sender that is none', { message: { from: 'nobody' } }, ['/message/from']],
])('a dry run with %s is refused', async (_name, body, pointers) => {
  expect(await refusedPointers(flow.api, `/v1/incoming-servers/${server}/resolve`, body)).toEqual(pointers);
});

it.each([
  [{ messages: 0 }, '/loopGuard/messages'],
  [{ minutes: 1441 }, '/loopGuard/minutes'],
  [{ except: ['*'] }, '/loopGuard/except/0'],
  [{ hours: 1 }, '/loopGuard/hours'],
  [true, '/loopGuard'],
])('a loop guard of %j is refused', async (loopGuard, pointer) => {
  expect(await refusedPointers(flow.api, `/v1/incoming-servers/${server}`, { loopGuard }, 'PATCH')).toEqual([pointer]);
});

it('a dry run of what is not there is 404', async () => {
  const path = '/v1/incoming-servers';
  expect((await flow.api.ask('POST', `${path}/inc_0123456789/resolve`, { message: {} })).status).toBe(404);
  expect((await flow.api.ask('POST', `${path}/${server}/resolve`, { received: 'rcv_1' })).status).toBe(404);
});
