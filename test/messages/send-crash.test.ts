import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { serverId, startSending, type Sending } from './sending-for-test.ts';

const storage = storageForTest();
const storageIsAway = (): never => {
  throw new GatewayError('storage-unavailable', 'Storage did not answer as it should.');
};

/** Four messages, one of which lies in a blob and one of which has an outcome that is found out later. */
async function startWithMail(): Promise<{ sending: Sending; ids: string[] }> {
  const sending = await startSending(storage);
  const ids: string[] = [];
  for (const subject of ['One', 'Two', 'Three', 'Four']) {
    const content = subject === 'Two' ? Buffer.alloc(50_000).toString('base64') : '';
    const { id } = await sending.accept(subject, { attachments: [{ filename: 'a', content }] });
    ids.push(id);
  }
  sending.exchange.mishaps.push({ partly: [] }, { partly: [] }, 'drops-taken');
  sending.storage.changes = 0;
  return { sending, ids };
}

/** Other runs follow, minutes apart; then everything was taken exactly once and is kept as sent. */
async function expectAllSentOnce({ sending, ids }: { sending: Sending; ids: string[] }): Promise<void> {
  for (let run = 0; run < 6; run++) {
    await sending.sendElsewhere();
    sending.pass(1.1);
  }
  const taken = sending.exchange.taken.map((messageId) => messageId.slice(1, messageId.indexOf('@')));
  expect(taken.toSorted()).toEqual(ids.toSorted());
  for (const id of ids) expect(await sending.message(id)).toMatchObject({ id, status: 'sent' });
  expect(await sending.ports.messages.due(serverId, new Date('2030-01-01'), 1)).toEqual([]);
}

/** How many changes of storage a run makes that goes well. */
const changesOfARun = 10;

test('an undisturbed run makes as many changes as the tests below disturb', async () => {
  const { sending, ids } = await startWithMail();
  await sending.send();
  expect(sending.storage.changes).toBe(changesOfARun);
  await expectAllSentOnce({ sending, ids });
});

describe('storage fails at one change of a run', () => {
  const changes = Array.from({ length: changesOfARun }, (_, index) => index + 1);
  test.each(changes)('change %i is not made: nothing is lost or sent twice', async (disturbed) => {
    const { sending, ids } = await startWithMail();
    sending.storage.beforeChange = () => {
      if (sending.storage.changes === disturbed) storageIsAway();
    };
    await sending.send().catch(() => undefined);
    sending.storage.beforeChange = () => undefined;
    // The lease is free: the next run is not kept waiting.
    const after = await sending.accept('After');
    await sending.sendElsewhere();
    expect((await sending.message(after.id)).status).toBe('sent');
    ids.push(after.id);
    await expectAllSentOnce({ sending, ids });
  });

  test.each(changes)('change %i is made and its answer lost: nothing is lost or sent twice', async (disturbed) => {
    const { sending, ids } = await startWithMail();
    sending.storage.afterChange = () => {
      if (sending.storage.changes === disturbed) storageIsAway();
    };
    await sending.send().catch(() => undefined);
    // Who took the lease and never learned of it leaves it to run out.
    if (disturbed === 1) await sending.expireLease();
    await expectAllSentOnce({ sending, ids });
  });
});

describe('the process dies at one change of a run', () => {
  const changes = Array.from({ length: changesOfARun }, (_, index) => index + 1);
  test.each(changes)('at change %i: the next process finishes, nothing is lost or sent twice', async (last) => {
    const { sending, ids } = await startWithMail();
    // Nothing it does reaches storage any more.
    sending.storage.beforeChange = () => {
      if (sending.storage.changes > last) storageIsAway();
    };
    await sending.send().catch(() => undefined);
    await sending.expireLease();
    await expectAllSentOnce({ sending, ids });
  });
});

test('the outcome is kept when storage answers again before the run ends', async () => {
  const sending = await startSending(storage);
  const { id } = await sending.accept('Sent while storage was away');
  let failures = 0;
  sending.exchange.mishaps.push({
    meanwhile() {
      sending.storage.beforeChange = (table) => {
        if (table === 'messages' && (failures += 1) === 1) storageIsAway();
      };
      return Promise.resolve();
    },
  });
  await expect(sending.send()).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(failures).toBe(2);
  expect((await sending.message(id)).status).toBe('sent');
});

test('a lease lost in the middle of a message: its outcome is found out, it is not sent twice', async () => {
  const sending = await startSending(storage);
  const first = await sending.accept('In the middle');
  const second = await sending.accept('Next');
  sending.exchange.mishaps.push({
    async meanwhile() {
      await sending.expireLease();
      await sending.sendElsewhere();
      expect((await sending.message(first.id)).status).toBe('unknown');
    },
  });
  await sending.send();
  // What the other found out stands; ours comes too late.
  expect((await sending.message(first.id)).status).toBe('unknown');
  expect((await sending.message(second.id)).status).toBe('sent');
  expect(sending.log.join('\n')).toContain('changed by somebody else');
  await expectAllSentOnce({ sending, ids: [first.id, second.id] });
});

test('a run whose time ends before a message is handed over leaves it as it was, and pauses nothing', async () => {
  const sending = await startSending(storage);
  const ids = [(await sending.accept('First')).id, (await sending.accept('Second')).id];
  const ending = new AbortController();
  sending.exchange.mishaps.push({
    meanwhile() {
      ending.abort();
      return Promise.resolve();
    },
  });
  sending.queued.length = 0;
  await sending.send(ending.signal);
  expect((await sending.message(ids[0] ?? '')).status).toBe('sent');
  expect((await sending.message(ids[1] ?? '')).status).toBe('queued');
  expect(await sending.state()).toEqual({ failures: 0, lastSentAt: sending.now().toISOString() });
  expect(sending.queued).toEqual([serverId]);
  await expectAllSentOnce({ sending, ids });
});
