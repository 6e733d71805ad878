import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, untilQuiet } from '../support/receiving.ts';

const address = 'ada@contoso.example';
let flow: Flow;
let account: string;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(address)).id;
});

const subjects = async (id: string) => (await listReceived(flow, id)).map(({ subject }) => subject);

it('begins with mail that arrived since then, and goes on with what arrives', async () => {
  await flow.microsoft365.deliver(address, mail('too old'));
  const second = Math.floor(Date.now() / 1000) + 1;
  await until(() => Promise.resolve(Date.now() >= second * 1000));
  for (let count = 0; count < 60; count++) await flow.microsoft365.deliver(address, mail(`past ${count}`));
  const id = await addConfirmed(flow, { account, every: 1440, since: new Date(second * 1000).toISOString() });
  await until(async () => (await subjects(id)).length === 60);
  await untilQuiet(flow, 'fetch');
  await flow.microsoft365.deliver(address, mail('present'));
  await fetchNow(flow, id);
  const read = await subjects(id);
  expect(read).toHaveLength(61);
  expect(read).toContain('present');
  expect(read).not.toContain('too old');
  expect(await flow.api.call('GET', `/v1/incoming-servers/${id}`)).toMatchObject({
    since: new Date(second * 1000).toISOString(),
  });
});

it('keeps received mail for ever, or for so many days', async () => {
  const { id, keepRawDays } = await flow.api.call<{ id: string; keepRawDays: unknown }>(
    'POST',
    '/v1/incoming-servers',
    {
      name: 'Kept',
      account,
    },
  );
  expect(keepRawDays).toBeNull();
  for (const days of [0, 3651, 1.5, '30']) {
    const answer = await flow.api.ask('PATCH', `/v1/incoming-servers/${id}`, { keepRawDays: days });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/keepRawDays' }] } });
  }
  for (const days of [1, 3650, null]) {
    const answer = await flow.api.ask('PATCH', `/v1/incoming-servers/${id}`, { keepRawDays: days });
    expect(answer).toMatchObject({ status: 200, body: { keepRawDays: days } });
  }
});

it('takes a time of the past, and only before reading has begun', async () => {
  const refused = { status: 422, body: { errors: [{ pointer: '/since' }] } };
  const future = new Date(Date.now() + 3_600_000).toISOString();
  const wanted = { name: 'Since', account };
  expect(await flow.api.ask('POST', '/v1/incoming-servers', { ...wanted, since: future })).toMatchObject(refused);
  expect(await flow.api.ask('POST', '/v1/incoming-servers', { ...wanted, since: 'yesterday' })).toMatchObject(refused);
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', wanted);
  const patch = (body: object) => flow.api.ask('PATCH', `/v1/incoming-servers/${id}`, body);
  expect(await patch({ since: future })).toMatchObject(refused);
  expect(await patch({ since: '2026-01-01T01:00:00+01:00' })).toMatchObject({
    status: 200,
    body: { since: '2026-01-01T00:00:00.000Z' },
  });
  await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  expect(await patch({ since: '2025-01-01T00:00:00Z' })).toMatchObject(refused);
  expect(await patch({ since: '2026-01-01T00:00:00Z', name: 'The same' })).toMatchObject({ status: 200 });
});
