import { beforeEach, expect, test } from 'vitest';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { startReading, type Reading } from './reading-for-test.ts';

const storage = storageForTest();
let reading: Reading;
beforeEach(async () => {
  reading = await startReading(storage);
});

function arrive(count: number): void {
  for (let number = 1; number <= count; number++) {
    reading.mailbox.deliver(`Subject: mail ${number}\r\nMessage-ID: <${number}@x>\r\n\r\n`, reading.now());
  }
}
const seen = () => reading.mailbox.list().filter((mail) => mail.seen);
const unsettled = async () => (await reading.state()).cursors[0]?.unsettled;

test('nothing is touched unless the server says so', async () => {
  arrive(2);
  await reading.fetch();
  expect(seen()).toEqual([]);
  expect(reading.mailbox.asked.filter((asked) => /^seen|^move/.test(asked))).toEqual([]);
});

test('mail is marked in one go, after it was kept and its cursor with it, and costs nothing when there is none', async () => {
  await reading.change({ afterFetch: 'seen' });
  arrive(120);
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('seen')) reading.storage.push(asked.slice(0, 4));
  };
  await reading.fetch();
  expect(seen()).toHaveLength(120);
  // The first takes the lease, the last gives it back.
  expect(reading.storage.filter((asked) => /^seen|state change|queue deliver/.test(asked))).toEqual([
    ...['table state change', 'queue deliver', 'table state change', 'queue deliver', 'table state change'],
    ...['seen', 'table state change'],
  ]);
  reading.mailbox.asked.length = 0;
  await reading.fetch();
  expect(reading.mailbox.asked).toEqual(['login ada@contoso.example', 'open INBOX', 'close']);
});

test('wherever a reader dies, mail is moved once it is kept, and never before', async () => {
  let deaths = 0;
  for (let request = 1; ; request++) {
    reading = await startReading(storage);
    reading.mailbox.addFolder('Done');
    await reading.change({ afterFetch: { move: 'Done' } });
    arrive(3);
    let requests = 0;
    reading.beforeStorage = () => {
      if (++requests >= request) throw new Error('The process is dead.');
    };
    const survived = await reading.fetch().then(
      () => true,
      () => false,
    );
    reading.beforeStorage = () => undefined;
    const moved = reading.mailbox.list('Done').length;
    expect((await reading.deliveries()).length).toBeGreaterThanOrEqual(moved);
    expect((await reading.ledger()).length).toBeGreaterThanOrEqual(moved);
    if (survived) break;
    deaths++;
    await reading.expireLease();
    reading.pass(1);
    await reading.fetch();
    expect(reading.mailbox.list()).toEqual([]);
    expect(reading.mailbox.list('Done')).toHaveLength(3);
    expect(await reading.ledger()).toHaveLength(3);
    expect(await unsettled()).toBeUndefined();
  }
  expect(deaths).toBeGreaterThan(12);
}, 60_000);

test('what cannot be moved is told, keeps no mail from coming, and is moved as soon as it can be', async () => {
  await reading.change({ afterFetch: { move: 'Done' } });
  arrive(600);
  await reading.fetch();
  expect(await reading.ledger()).toHaveLength(600);
  expect(await reading.state()).toMatchObject({ failures: 0, lastError: { code: 'folder-not-found' } });
  reading.mailbox.before = (asked) => {
    if (asked.startsWith('move')) throw new GatewayError('mail-server-unreachable', 'The connection broke.');
  };
  reading.mailbox.deliver('Subject: one more\r\n\r\n', reading.now());
  await reading.fetch();
  expect(await reading.ledger()).toHaveLength(601);
  reading.mailbox.before = () => undefined;
  reading.mailbox.addFolder('Done');
  await reading.fetch();
  expect(reading.mailbox.list('Done')).toHaveLength(601);
  expect((await reading.state()).lastError).toBeUndefined();
}, 30_000);

test('what waits is forgotten when it is no longer wanted, or when its UIDs mean something else', async () => {
  await reading.change({ afterFetch: { move: 'Done' } });
  arrive(2);
  await reading.fetch();
  expect(await unsettled()).toEqual([1, 2]);
  await reading.change({ afterFetch: 'none' });
  await reading.fetch();
  expect(await unsettled()).toBeUndefined();

  await reading.change({ afterFetch: { move: 'Done' } });
  arrive(1);
  await reading.fetch();
  reading.mailbox.renumber();
  reading.mailbox.addFolder('Done');
  await reading.fetch();
  expect(await reading.ledger()).toHaveLength(3);
});

test('a mail that could not be read is not marked, and is once it was read', async () => {
  await reading.change({ afterFetch: 'seen' });
  arrive(3);
  reading.mailbox.withheld.add(2);
  await reading.fetch();
  expect(seen().map(({ uid }) => uid)).toEqual([1, 3]);
  reading.mailbox.withheld.clear();
  reading.pass(2);
  await reading.fetch();
  expect(seen().map(({ uid }) => uid)).toEqual([1, 2, 3]);
});
