import { TableClient } from '@azure/data-tables';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, untilQuiet } from '../support/receiving.ts';

const address = 'ada@contoso.example';
let flow: Flow;
let account: string;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(address)).id;
});

interface Audit {
  readonly at: string;
  readonly missing: number;
  readonly repaired: number;
}

const audit = (id: string, body?: object) => flow.api.call<Audit>('POST', `/v1/incoming-servers/${id}/audit`, body);
const none = { count: 0, uids: [] };

const tableOf = (name: string) =>
  TableClient.fromConnectionString(flow.storage.connectionString, name, { allowInsecureConnection: true });

/** As if somebody had restored an old table over the ledger. */
async function lose(id: string): Promise<void> {
  await tableOf('received').deleteEntity(id.slice(4, 14), `rec!${id}`);
}

/** As if the server had been confirmed two days ago. */
async function confirmedBefore(id: string): Promise<void> {
  const table = tableOf('configuration');
  const row = await table.getEntity<{ json0: string }>('incoming-server', id);
  const confirmedAt = new Date(Date.now() - 2 * 24 * 3_600_000).toISOString();
  const json0 = JSON.stringify({ ...(JSON.parse(row.json0) as object), confirmedAt });
  await table.updateEntity({ partitionKey: 'incoming-server', rowKey: id, json0 }, 'Merge');
}

it('finds that nothing is missing, and says so everywhere', async () => {
  await flow.microsoft365.deliver(address, mail('from before'));
  const id = await addConfirmed(flow, { account, every: 1440, folders: ['INBOX', 'Archive'] });
  for (let count = 0; count < 70; count++) await flow.microsoft365.deliver(address, mail(`mail ${count}`));
  await flow.microsoft365.deliver(address, mail('archived'), 'Archive');
  await fetchNow(flow, id);
  await flow.microsoft365.deliver(address, mail('to come'));
  const found = await audit(id);
  const whole = { known: 0, missing: none, gone: none, extra: none, parked: none };
  expect(found).toMatchObject({
    ...{ missing: 0, repaired: 0 },
    folders: [
      { ...whole, folder: 'INBOX', inMailbox: 71, inLedger: 70, waiting: { count: 1 } },
      { ...whole, folder: 'Archive', inMailbox: 1, inLedger: 1, waiting: none },
    ],
  });
  expect(await flow.api.call('GET', `/v1/incoming-servers/${id}`)).toMatchObject({ lastAudit: found });
  const { incomingServers } = await flow.api.call<{ incomingServers: { id: string }[] }>('GET', '/v1/status');
  expect(incomingServers.find((each) => each.id === id)).toMatchObject({ lastAudit: { at: found.at, missing: 0 } });
});

it('finds mail that the ledger has lost, and has it read again', async () => {
  const id = await addConfirmed(flow, { account, every: 1440 });
  for (const subject of ['one', 'two', 'three']) await flow.microsoft365.deliver(address, mail(subject));
  await fetchNow(flow, id);
  const before = await listReceived(flow, id);
  const lost = before.find(({ subject }) => subject === 'two')?.id ?? '';
  await lose(lost);
  expect(await audit(id)).toMatchObject({ missing: 1, repaired: 0, folders: [{ inMailbox: 3, inLedger: 2 }] });
  expect(await audit(id, { repair: true })).toMatchObject({ missing: 1, repaired: 1 });
  await untilQuiet(flow, 'fetch');
  expect((await listReceived(flow, id)).map((row) => row.id)).toEqual(before.map((row) => row.id));
  expect(await audit(id, {})).toMatchObject({ missing: 0 });
});

it('looks by itself once a day, tells what is missing, and has it read again', async () => {
  const receiver = await startWebhookReceiver();
  const hook = { kind: 'webhook', name: 'Audits', url: receiver.url, events: ['incoming.audit_missing'] };
  const { secret } = await flow.api.call<{ secret: string }>('POST', '/v1/destinations', hook);
  const id = await addConfirmed(flow, { account, every: 1440 });
  await flow.microsoft365.deliver(address, mail('lost'));
  await fetchNow(flow, id);
  const [row] = await listReceived(flow, id);
  await lose(row?.id ?? '');
  await flow.host.runTimer('auditTimer');
  expect(await listReceived(flow, id)).toEqual([]);

  await confirmedBefore(id);
  await flow.host.runTimer('auditTimer');
  await until(async () => (await listReceived(flow, id)).length === 1);
  expect(await listReceived(flow, id)).toMatchObject([{ id: row?.id, subject: 'lost' }]);
  await until(() => Promise.resolve(receiver.calls.length > 0));
  await flow.host.runTimer('auditTimer');
  expect(await flow.api.call('GET', `/v1/incoming-servers/${id}`)).toMatchObject({
    lastAudit: { missing: 1, repaired: 1 },
  });
  expect(receiver.calls.map((call) => verify(call, secret))).toMatchObject([
    { type: 'incoming.audit_missing', data: { id, missing: 1, folders: [{ folder: 'INBOX', missing: { count: 1 } }] } },
  ]);
  await receiver.stop();
});

it('knows mail again when the UIDs of a folder have started anew', async () => {
  const id = await addConfirmed(flow, { account, every: 1440 });
  for (const subject of ['four', 'five']) await flow.microsoft365.deliver(address, mail(subject));
  await fetchNow(flow, id);
  flow.microsoft365.mailbox(address).renumber('INBOX');
  await flow.microsoft365.deliver(address, mail('six'));
  expect(await audit(id)).toMatchObject({ missing: 0 });
  await fetchNow(flow, id);
  expect(await audit(id, { repair: true })).toMatchObject({ missing: 0, repaired: 0 });
  const subjects = (await listReceived(flow, id)).map(({ subject }) => subject);
  expect(subjects.filter((subject) => ['four', 'five', 'six'].includes(subject))).toEqual(['six', 'five', 'four']);
});

it('refuses what it cannot look at', async () => {
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', { name: 'Draft', account });
  const path = `/v1/incoming-servers/${id}/audit`;
  expect(await flow.api.ask('POST', path)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await flow.api.ask('POST', path, { repair: 'yes' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/repair' }] },
  });
  await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  flow.microsoft365.faults.imap.push({ at: 'connect', drop: true }, { at: 'connect', drop: true });
  expect(await flow.api.ask('POST', path)).toMatchObject({ status: 502, body: { code: 'mail-server-unreachable' } });
});
