import { TableClient } from '@azure/data-tables';
import { beforeAll, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, untilQuiet, type ServerView } from '../support/receiving.ts';

let flow: Flow;
let account: string;
let id: string;
const address = 'ada@contoso.example';

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(address)).id;
  // So seldom that the timer does not come in between.
  id = await addConfirmed(flow, { account, every: 1440 });
  await fetchNow(flow, id);
});

const subjects = async () => (await listReceived(flow, id)).map(({ subject }) => subject);
const waitOf = ({ nextFetchAt = '' }: ServerView) => (Date.parse(nextFetchAt) - Date.now()) / 1000;

/** A mail arrives, is not read because of the trouble, and is once the trouble is over. */
async function comesThroughAfter(subject: string, trouble: ServerView): Promise<void> {
  expect(waitOf(trouble)).toBeGreaterThan(30);
  expect(await subjects()).not.toContain(subject);
  const recovered = await fetchNow(flow, id);
  expect(recovered.lastError).toBeUndefined();
  expect(await subjects()).toContain(subject);
}

it('notes that the mail server cannot be reached, waits, and recovers', async () => {
  await flow.microsoft365.deliver(address, mail('after the outage'));
  flow.microsoft365.faults.imap.push({ at: 'connect', drop: true });
  const trouble = await fetchNow(flow, id);
  expect(trouble.lastError).toMatchObject({ code: 'mail-server-unreachable' });
  await comesThroughAfter('after the outage', trouble);
});

it('asks for a fresh token when the login is refused, and notes a second refusal', async () => {
  await flow.microsoft365.deliver(address, mail('with a fresh token'));
  const before = flow.microsoft365.sessions.tokenRequests;
  flow.microsoft365.faults.imap.push({ at: 'authenticate', reply: 'NO AUTHENTICATE failed.', user: address });
  expect((await fetchNow(flow, id)).lastError).toBeUndefined();
  expect(flow.microsoft365.sessions.tokenRequests).toBe(before + 1);
  expect(await subjects()).toContain('with a fresh token');

  await flow.microsoft365.deliver(address, mail('after the refusals'));
  flow.microsoft365.faults.imap.push({ at: 'authenticate', reply: 'NO AUTHENTICATE failed.', times: 2 });
  const trouble = await fetchNow(flow, id);
  expect(trouble.lastError).toMatchObject({ code: 'mail-login-refused' });
  expect(trouble.lastError?.remedy).toContain('IMAP.AccessAsUser.All');
  await comesThroughAfter('after the refusals', trouble);
});

it('waits as long as Exchange asks to when it throttles', async () => {
  await flow.microsoft365.deliver(address, mail('after the throttling'));
  const reply = 'NO Request is throttled. Suggested Backoff Time: 240000 milliseconds';
  flow.microsoft365.faults.imap.push({ at: 'fetch', reply });
  const trouble = await fetchNow(flow, id);
  expect(trouble.lastError).toMatchObject({ code: 'mail-server-busy' });
  expect(waitOf(trouble)).toBeGreaterThan(200);
  // The timer leaves it alone meanwhile.
  const connections = flow.microsoft365.sessions.imapConnections;
  await flow.host.runTimer('fetchTimer');
  await untilQuiet(flow, 'fetch');
  expect(flow.microsoft365.sessions.imapConnections).toBe(connections);
  await comesThroughAfter('after the throttling', trouble);
});

it('goes on where it was when the connection breaks in the middle of reading', async () => {
  for (let count = 0; count < 60; count++) await flow.microsoft365.deliver(address, mail(`broken ${count}`));
  flow.microsoft365.faults.imap.push({ at: 'fetch', drop: true });
  expect((await fetchNow(flow, id)).lastError).toMatchObject({ code: 'mail-server-unreachable' });
  await fetchNow(flow, id);
  expect((await subjects()).filter((subject) => subject.startsWith('broken'))).toHaveLength(60);
});

it('is read by the timer when it is due; a cursor that is lost costs nothing', async () => {
  const before = await subjects();
  await flow.microsoft365.deliver(address, mail('found by the timer'));
  const table = TableClient.fromConnectionString(flow.storage.connectionString, 'state', {
    allowInsecureConnection: true,
  });
  await table.deleteEntity('incoming-server', id);
  await flow.host.runTimer('fetchTimer');
  await untilQuiet(flow, 'fetch');
  expect(await subjects()).toEqual(['found by the timer', ...before]);
});

it('stops when its account is disconnected, and says whom to ask', async () => {
  await flow.api.call('POST', `/v1/accounts/${account}/disconnect`);
  const trouble = await fetchNow(flow, id);
  expect(trouble.lastError).toMatchObject({ code: 'account-not-connected' });
  expect(trouble.lastError?.remedy).toContain(account);
});
