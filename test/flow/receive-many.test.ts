import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { walkSignIn } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, type ReceivedRow } from '../support/receiving.ts';

let flow: Flow;
let ada: string;
let grace: string;
const adas = 'ada@contoso.example';
const graces = 'grace@contoso.example';
const support = 'support@contoso.example';

beforeAll(async () => {
  flow = await startFlow();
  ada = (await flow.connect(adas)).id;
  grace = (await flow.connect(graces)).id;
});

async function rawOf({ id }: ReceivedRow): Promise<Buffer> {
  const response = await fetch(`${flow.url}/v1/received/${id}/raw`, {
    headers: { authorization: `Bearer ${flow.adminKey}` },
  });
  expect(response.headers.get('content-type')).toBe('message/rfc822');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
  return bytes;
}

const inboxOf = (address: string) => {
  const inbox = flow.microsoft365
    .mailbox(address)
    .folders()
    .find(({ path }) => path === 'INBOX');
  if (inbox === undefined) throw new Error(`${address} has no INBOX`);
  return inbox;
};

it('reads three hundred mails once each, newest first, and leaves no mark on them', async () => {
  const id = await addConfirmed(flow, { account: ada });
  const subjects = Array.from({ length: 300 }, (_, index) => `mail ${String(index).padStart(3, '0')}`);
  for (const subject of subjects) await flow.microsoft365.deliver(adas, mail(subject));
  await fetchNow(flow, id);
  const rows = await listReceived(flow, id, 70);
  expect(rows.map(({ subject }) => subject)).toEqual(subjects.toReversed());
  expect(new Set(rows.map(({ id: each }) => each)).size).toBe(300);
  expect(inboxOf(adas).messages.flatMap(({ flags }) => flags)).toEqual([]);
});

it('keeps the exact bytes of every mail, from half a kilobyte to fifteen megabytes', async () => {
  const id = await addConfirmed(flow, { account: ada });
  const everyOctet = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));
  const head = (size: number) => `From: a@example.com\r\nSubject: ${size}\r\n\r\n`;
  const sizes = [
    512,
    100_000,
    1024 * 1024,
    1024 * 1024 + 1,
    2 * 1024 * 1024,
    2 * 1024 * 1024 + 1,
    4_200_000,
    15 * 1024 * 1024,
  ];
  const sent = new Map<string, Buffer>();
  for (const size of sizes) {
    const start = Buffer.concat([Buffer.from(head(size)), everyOctet]);
    const raw = Buffer.concat([start, randomBytes(size - start.length)]);
    sent.set(String(size), raw);
    await flow.microsoft365.deliver(adas, raw);
  }
  await fetchNow(flow, id);
  const rows = await listReceived(flow, id);
  expect(rows.map(({ size, subject }) => [subject, size])).toEqual(sizes.toReversed().map((size) => [`${size}`, size]));
  for (const row of rows) expect((await rawOf(row)).equals(sent.get(row.subject) ?? Buffer.alloc(0))).toBe(true);
});

it('goes on where it was after a restart of the host: nothing twice, nothing lost', async () => {
  const id = await addConfirmed(flow, { account: ada, folders: ['INBOX', 'Archive'] });
  await flow.microsoft365.deliver(adas, mail('before the restart'));
  await fetchNow(flow, id);
  const other = await flow.startSecondHost();
  await flow.microsoft365.deliver(adas, mail('in the inbox'));
  await flow.microsoft365.deliver(adas, mail('in the archive'), 'Archive');
  await Promise.all([fetchNow(flow, id), other.runTimer('fetchTimer'), flow.host.runTimer('fetchTimer')]);
  await other.stop();
  await fetchNow(flow, id);
  const rows = await listReceived(flow, id);
  expect(rows.map(({ subject, folder }) => `${folder}: ${subject}`).sort()).toEqual([
    'Archive: in the archive',
    'INBOX: before the restart',
    'INBOX: in the inbox',
  ]);
});

it('has each mail once while two hosts are asked to read it at the same time', async () => {
  const id = await addConfirmed(flow, { account: grace });
  const other = await flow.startSecondHost();
  const subjects = Array.from({ length: 120 }, (_, index) => `for two ${index}`);
  for (const [index, subject] of subjects.entries()) {
    await flow.microsoft365.deliver(graces, mail(subject));
    if (index % 10 === 0) await flow.api.call('POST', `/v1/incoming-servers/${id}/fetch`);
  }
  await fetchNow(flow, id);
  await other.stop();
  const rows = await listReceived(flow, id);
  expect(rows.map(({ subject }) => subject).sort()).toEqual(subjects.sort());
});

it('reads a shared mailbox as its delegate', async () => {
  const account = await flow.api.call<{ id: string }>('POST', '/v1/accounts', {
    address: support,
    kind: 'shared',
    delegate: adas,
  });
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account.id}/connect`);
  expect((await walkSignIn(authorizeUrl)).status).toBe(200);
  const id = await addConfirmed(flow, { account: account.id });
  await flow.microsoft365.deliver(support, mail('for support'));
  await fetchNow(flow, id);
  expect(await listReceived(flow, id)).toMatchObject([{ subject: 'for support', mailbox: support }]);
});

it('loses nothing and repeats nothing when the UIDs of a folder start anew', async () => {
  const id = await addConfirmed(flow, { account: grace });
  await flow.microsoft365.deliver(graces, mail('known'));
  await flow.microsoft365.deliver(graces, 'From: a@example.com\r\nSubject: known, no Message-ID\r\n\r\nx\r\n');
  await fetchNow(flow, id);
  flow.microsoft365.mailbox(graces).renumber('INBOX');
  await flow.microsoft365.deliver(graces, mail('new'));
  await fetchNow(flow, id);
  await flow.microsoft365.deliver(graces, mail('newer'));
  await fetchNow(flow, id);
  const names = (rows: ReceivedRow[]) =>
    rows.map(({ subject }) => subject).filter((subject) => !/^for two/.test(subject));
  await until(async () => names(await listReceived(flow, id)).includes('newer'));
  expect(names(await listReceived(flow, id))).toEqual(['newer', 'new', 'known, no Message-ID', 'known']);
  const known = (await listReceived(flow, id)).find(({ subject }) => subject === 'known');
  expect(known && (await rawOf(known)).toString()).toBe(mail('known'));
});
