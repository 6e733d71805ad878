import { expect, test } from 'vitest';
import { storageForTest } from '../support/storage-for-test.ts';
import { smtpError } from './exchange-for-test.ts';
import { accountFor, serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const [ada, bob, eve] = ['ada@b.example', 'bob@b.example', 'eve@b.example'];
const putOff = (address: string) => ({ address, accepted: false, reply: '450 4.2.1 greylisted' });
const refused = (address: string) => ({ address, accepted: false, reply: '550 5.1.1 unknown' });

async function statuses(sending: Sending, id: string): Promise<string[]> {
  return (await sending.message(id)).recipients.map(({ address, status }) => `${address} ${status}`);
}

test('recipients that were put off are tried again, and nobody else gets it twice', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('To three', { to: [ada, bob, eve] });
  sending.exchange.mishaps.push({ partly: [putOff(bob), refused(eve)] });
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'deferred', cause: { code: 'mail-server-busy' } });
  expect(await statuses(sending, id)).toEqual([`${ada} sent`, `${bob} waiting`, `${eve} refused`]);
  sending.pass(2);
  await sending.send();
  expect((await sending.message(id)).status).toBe('sent');
  expect(await statuses(sending, id)).toEqual([`${ada} sent`, `${bob} sent`, `${eve} refused`]);
  expect(sending.exchange.envelopes.map(({ to }) => to)).toEqual([[ada, bob, eve], [bob]]);
});

test('a recipient put off for two days is refused; the message was sent to the others', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('To two', { to: [ada, bob] });
  for (let attempt = 0; attempt < 30 && (await sending.message(id)).status !== 'sent'; attempt++) {
    sending.exchange.mishaps.push(
      attempt === 0 ? { partly: [putOff(bob)] } : { refuse: smtpError('mail-server-busy', '450 4.2.1 greylisted') },
    );
    await sending.send();
    sending.pass(300);
  }
  expect(await statuses(sending, id)).toEqual([`${ada} sent`, `${bob} refused`]);
  expect(await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).toEqual([]);
});

test('the copy of a first attempt does not tell of the second: held, unless the server is to retry', async () => {
  const sending = await startSending(storage);
  for (const [onUnknown, status] of [
    ['hold', 'unknown'],
    ['retry', 'sent'],
  ] as const) {
    await sending.changeServer({ onUnknown });
    const { id } = await sending.accept('To two', { to: [ada, bob] });
    sending.exchange.mishaps.push({ partly: [putOff(bob)] }, 'drops-not-taken');
    await sending.send();
    sending.pass(2);
    await sending.send();
    sending.pass(2);
    await sending.send();
    await sending.send();
    expect((await sending.message(id)).status).toBe(status);
    expect(await statuses(sending, id)).toEqual([`${ada} sent`, `${bob} ${onUnknown === 'hold' ? 'waiting' : 'sent'}`]);
  }
  expect(sending.exchange.sentItemsOpened).toBe(0);
});

test('Sent Items that cannot be read for an hour: sent again where the server is to retry', async () => {
  const sending = await startSending(storage);
  await sending.changeServer({ onUnknown: 'retry' });
  const { id } = await sending.accept('Nobody knows');
  sending.exchange.mishaps.push('drops-taken');
  await sending.send();
  sending.exchange.sentItemsTrouble = smtpError('mailbox-not-opened');
  sending.pass(50);
  await sending.send();
  expect((await sending.message(id)).status).toBe('unknown');
  sending.pass(60);
  await sending.send();
  sending.pass(1);
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', attempts: 2 });
  expect(sending.exchange.taken).toHaveLength(2);
});

test('what a delegate sent may lie in the Sent Items of the shared mailbox', async () => {
  const sending = await startSending(storage);
  await sending.changeAccount({
    ...accountFor('shop@contoso.example'),
    kind: 'shared',
    delegate: 'ada@contoso.example',
  });
  const { id } = await sending.accept('As the shop');
  sending.exchange.mishaps.push('drops-taken');
  sending.exchange.filesCopiesFor = 'shop@contoso.example';
  await sending.send();
  sending.pass(2);
  await sending.send();
  expect(await sending.message(id)).toMatchObject({ status: 'sent', lastReply: 'Found in Sent Items' });
  expect(sending.exchange.taken).toHaveLength(1);
});
