import { TableClient } from '@azure/data-tables';
import { beforeAll, expect, it } from 'vitest';
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

/** As if somebody had restored an old table over the ledger. */
async function lose(id: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(flow.storage.connectionString, 'received', options);
  await table.deleteEntity(id.slice(4, 14), `rec!${id}`);
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
