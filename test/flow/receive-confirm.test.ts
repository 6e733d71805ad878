import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, serverOf } from '../support/receiving.ts';

interface Problem {
  readonly code: string;
  readonly remedy?: string;
  readonly errors?: { readonly pointer: string }[];
}

let flow: Flow;
let ada: string;
const address = 'ada@contoso.example';
const subjects = async (server: string) => (await listReceived(flow, server)).map(({ subject }) => subject);

beforeAll(async () => {
  flow = await startFlow();
  ada = (await flow.connect(address)).id;
});

async function addServer(wanted: Record<string, unknown>): Promise<string> {
  const body = { name: 'Incoming', account: ada, ...wanted };
  return (await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', body)).id;
}

it('confirms a server, and reads what arrives from then on but not what was there before', async () => {
  await flow.microsoft365.deliver(address, mail('before'));
  const id = await addServer({});
  await flow.microsoft365.deliver(address, mail('while a draft'));
  const confirmed = await flow.api.ask('POST', `/v1/incoming-servers/${id}/confirm`);
  expect(confirmed).toMatchObject({ status: 200, body: { id, state: 'confirmed', folders: ['INBOX'] } });
  expect(Object.keys(confirmed.body)).not.toContain('starts');
  await flow.microsoft365.deliver(address, mail('after'));
  await fetchNow(flow, id);
  expect(await subjects(id)).toEqual(['after']);
});

it('loses nothing that arrives between two confirmations', async () => {
  const id = await addConfirmed(flow, { account: ada });
  await flow.microsoft365.deliver(address, mail('between'));
  await flow.api.call('POST', `/v1/incoming-servers/${id}/reset`);
  await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  await flow.microsoft365.deliver(address, mail('after both'));
  await fetchNow(flow, id);
  expect(await subjects(id)).toEqual(['after both', 'between']);
});

it('names the folder that does not exist, and reads nothing', async () => {
  const id = await addServer({ folders: ['INBOX', 'No such folder'] });
  const answer = await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${id}/confirm`);
  expect(answer).toMatchObject({
    status: 409,
    body: {
      code: 'folder-not-found',
      errors: [{ pointer: '/folders/1' }],
      remedy: expect.stringContaining('name') as string,
    },
  });
  expect(await serverOf(flow, id)).toMatchObject({ state: 'draft' });
  const fetched = await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${id}/fetch`);
  expect(fetched).toMatchObject({
    status: 409,
    body: { code: 'conflict', remedy: expect.stringContaining('confirm') as string },
  });
});

it('takes a folder once, whatever the case of INBOX', async () => {
  const twice = { name: 'Twice', account: ada, folders: ['INBOX', 'Inbox'] };
  expect(await flow.api.ask<Problem>('POST', '/v1/incoming-servers', twice)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/folders' }] },
  });
  const id = await addServer({ folders: ['inbox'] });
  expect(await serverOf(flow, id)).toMatchObject({ folders: ['INBOX'] });
});

it('tells of an account that is not connected, and of a mailbox it has no rights to', async () => {
  const account = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
  const ofNobody = await addServer({ account: account.id });
  expect(await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${ofNobody}/confirm`)).toMatchObject({
    status: 409,
    body: { code: 'account-not-connected', remedy: expect.stringContaining(account.id) as string },
  });
  const foreign = await addServer({ mailbox: 'notifications@contoso.example' });
  expect(await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${foreign}/confirm`)).toMatchObject({
    status: 502,
    body: { code: 'mailbox-not-opened', remedy: expect.stringContaining('Full Access') as string },
  });
});

it('is a draft after a reset: nothing is read until it is confirmed again', async () => {
  const id = await addConfirmed(flow, { account: ada });
  await fetchNow(flow, id);
  expect(await flow.api.call('POST', `/v1/incoming-servers/${id}/reset`)).toMatchObject({ state: 'draft' });
  await flow.microsoft365.deliver(address, mail('during the reset'));
  const another = await addConfirmed(flow, { account: ada });
  await flow.host.runTimer('fetchTimer');
  await fetchNow(flow, another);
  expect(await serverOf(flow, id)).toMatchObject({ state: 'draft' });
  expect(await subjects(id)).toEqual([]);
  await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  await until(async () => (await subjects(id)).includes('during the reset'));
});

it('reads a folder that is added later, from then on, and stays confirmed', async () => {
  const id = await addConfirmed(flow, { account: ada });
  await flow.microsoft365.deliver(address, mail('archived before'), 'Archive');
  const changed = await flow.api.call('PATCH', `/v1/incoming-servers/${id}`, { folders: ['INBOX', 'Archive'] });
  expect(changed).toMatchObject({ state: 'confirmed', folders: ['INBOX', 'Archive'] });
  await fetchNow(flow, id);
  await flow.microsoft365.deliver(address, mail('archived after'), 'Archive');
  await fetchNow(flow, id);
  expect(await listReceived(flow, id)).toMatchObject([{ subject: 'archived after', folder: 'Archive' }]);
});

it('reads the other folders when one is gone, and says which', async () => {
  const id = await addConfirmed(flow, { account: ada });
  await flow.api.call('PATCH', `/v1/incoming-servers/${id}`, { folders: ['Gone', 'INBOX'] });
  await flow.microsoft365.deliver(address, mail('beside a folder that is gone'));
  const server = await fetchNow(flow, id);
  expect(server.lastError).toMatchObject({
    code: 'folder-not-found',
    detail: expect.stringContaining('"Gone"') as string,
  });
  expect(await subjects(id)).toContain('beside a folder that is gone');
});

it('begins anew in another mailbox, whatever its UIDs are, and only after it was tested', async () => {
  const shared = 'support@contoso.example';
  for (let count = 0; count < 5; count++) await flow.microsoft365.deliver(address, mail(`own ${count}`));
  const id = await addConfirmed(flow, { account: ada });
  await flow.microsoft365.deliver(address, mail('own, kept'));
  await fetchNow(flow, id);
  const [kept] = await listReceived(flow, id);
  await flow.microsoft365.deliver(shared, mail('shared, before'));
  const changed = await flow.api.call('PATCH', `/v1/incoming-servers/${id}`, { mailbox: shared });
  expect(changed).toMatchObject({ state: 'draft', mailbox: shared });
  expect(await flow.api.call('POST', `/v1/incoming-servers/${id}/confirm`)).toMatchObject({ state: 'confirmed' });
  await flow.microsoft365.deliver(shared, mail('shared, after'));
  await fetchNow(flow, id);
  expect((await subjects(id)).sort()).toEqual(['own, kept', 'shared, after']);
  // The UID of a mail may be the same in both mailboxes: the first mail still has its own bytes.
  const raw = await flow.api.call<string>('GET', `/v1/received/${String(kept?.id)}/raw`);
  expect(raw).toBe(mail('own, kept'));
});

it('is guarded by its ETag, and gone after it was removed, its mail not', async () => {
  const id = await addConfirmed(flow, { account: ada });
  await flow.microsoft365.deliver(address, mail('outlives its server'));
  await fetchNow(flow, id);
  const stale = await flow.api.ask('DELETE', `/v1/incoming-servers/${id}`, undefined, { 'if-match': 'W/"old"' });
  expect(stale.status).toBe(412);
  expect((await flow.api.ask('DELETE', `/v1/incoming-servers/${id}`)).status).toBe(204);
  expect((await flow.api.ask('GET', `/v1/incoming-servers/${id}`)).status).toBe(404);
  const [row] = await listReceived(flow, id);
  expect(await flow.api.call('GET', `/v1/received/${String(row?.id)}`)).toMatchObject({
    subject: 'outlives its server',
  });
});
