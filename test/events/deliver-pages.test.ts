import { beforeEach, expect, test } from 'vitest';
import { GatewayError } from '../../functions/shared/errors.ts';
import { storageForTest } from '../support/storage-for-test.ts';
import { startDelivering, type Delivering } from './delivering-for-test.ts';

const storage = storageForTest();
/** As the destination says. */
const concurrency = 8;
let delivering: Delivering;
beforeEach(async () => {
  delivering = await startDelivering(storage);
});

async function receiveMails(count: number): Promise<void> {
  for (let number = 1; number <= count; number++) await delivering.receiveMail(`mail ${number}`);
}

const deliveredCount = async () =>
  (await delivering.deliveries()).filter(({ status }) => status === 'delivered').length;

test('a slow delivery holds up none of its page, and no more are under way than the destination takes', async () => {
  await receiveMails(20);
  const full = Promise.withResolvers<undefined>();
  const others = Promise.withResolvers<undefined>();
  let [underWay, most, done] = [0, 0, 0];
  delivering.receive = async ({ parcel }) => {
    underWay += 1;
    most = Math.max(most, underWay);
    if (underWay === concurrency) full.resolve(undefined);
    await full.promise;
    if (parcel.body.includes('mail 20"')) await others.promise;
    else if (++done === 19) others.resolve(undefined);
    underWay -= 1;
  };
  await delivering.deliver();
  expect(await deliveredCount()).toBe(20);
  expect(delivering.posted).toHaveLength(20);
  expect(most).toBe(concurrency);
});

test('a destination that is down is asked no more often than it takes deliveries at a time', async () => {
  await receiveMails(20);
  delivering.receive = () => {
    throw new GatewayError('destination-refused', 'It is down.');
  };
  await delivering.deliver();
  expect(delivering.posted).toHaveLength(concurrency);
  delivering.receive = () => undefined;
  delivering.pass(10);
  await delivering.deliver();
  expect(await deliveredCount()).toBe(20);
});

test('a mail whose row is gone is given up, and the others of its page are delivered', async () => {
  await receiveMails(3);
  const [second] = (await delivering.deliveries()).slice(1);
  await delivering.ports.received.remove(second?.event.about ?? '');
  await delivering.deliver();
  expect(await deliveredCount()).toBe(2);
  expect((await delivering.deliveries()).find(({ id }) => id === second?.id)).toMatchObject({
    status: 'parked',
    cause: { code: 'not-found' },
  });
});
