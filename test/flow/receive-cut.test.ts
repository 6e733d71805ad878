import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';

const address = 'ada@contoso.example';
/** Octets that a connection brings before it breaks; a batch has many more. */
const most = 600_000;
let flow: Flow;
let receiver: WebhookReceiver;
let cutting: Server;
let cuts = 0;

beforeAll(async () => {
  flow = await startFlow();
  receiver = await startWebhookReceiver();
  cutting = createServer((client) => {
    const onward = connect(flow.microsoft365.imap.port, '127.0.0.1');
    let brought = 0;
    onward.on('data', (data) => {
      brought += data.length;
      if (brought <= most) client.write(data);
      else {
        cuts++;
        client.destroy();
      }
    });
    client.on('data', (data) => onward.write(data));
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => cutting.close(resolve));
  await receiver.stop();
});

it('reads a mailbox through, in one go, though every connection breaks in the middle of its mail', async () => {
  const account = await flow.connect(address);
  const { id: destination } = await flow.api.call<{ id: string }>('POST', '/v1/destinations', {
    ...{ kind: 'webhook', name: 'Receiver', url: receiver.url },
  });
  const { port } = cutting.address() as AddressInfo;
  const wanted = { account: account.id, host: 'localhost', port, every: 1440, destinations: [destination] };
  const id = await addConfirmed(flow, wanted);
  await fetchNow(flow, id);
  const subjects = Array.from({ length: 120 }, (_, number) => `mail ${number}`);
  const body = `${'Forty octets of text in each of the lines'.padEnd(70, '.')}\r\n`.repeat(280);
  for (const subject of subjects) await flow.microsoft365.deliver(address, mail(subject, body));
  await fetchNow(flow, id);
  expect((await listReceived(flow, id)).map(({ subject }) => subject).toReversed()).toEqual(subjects);
  expect(cuts).toBeGreaterThan(3);
  expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(120);
});
