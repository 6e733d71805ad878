import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify } from '../../dev/webhook-receiver.ts';
import { startFlow } from '../support/flow.ts';
import { addConfirmed, listReceived, mail, untilQuiet } from '../support/receiving.ts';

const address = 'ada@contoso.example';
const digest = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

it('has every mail once, and tells of each under one id, after the host was killed in the middle', async () => {
  const flow = await startFlow();
  const receiver = await startWebhookReceiver();
  const account = await flow.connect(address);
  const { id: destination, secret } = await flow.api.call<{ id: string; secret: string }>('POST', '/v1/destinations', {
    kind: 'webhook',
    name: 'Receiver',
    url: receiver.url,
  });
  const server = await addConfirmed(flow, { account: account.id, destinations: [destination], every: 1440 });
  await untilQuiet(flow, 'fetch');
  const sent = new Map<string, string>();
  for (let count = 0; count < 200; count++) {
    const subject = `mail ${count}`;
    const raw = mail(subject, randomBytes(40_000).toString('hex').replaceAll(/.{72}/g, '$&\r\n'));
    sent.set(subject, digest(raw));
    await flow.microsoft365.deliver(address, raw);
  }

  // The list and a batch of mail are given; then the mail server falls silent, so that the host dies with mail still to read.
  flow.microsoft365.faults.imap.push({ at: 'fetch', spares: 2 });
  await flow.api.call('POST', `/v1/incoming-servers/${server}/fetch`);
  await until(() => Promise.resolve(receiver.calls.length > 0));
  flow.host.kill();
  await flow.host.exited;
  const host = await flow.startSecondHost();
  const restarted = { ...flow, url: host.url, host, api: createApiClient(host.url, flow.adminKey) };
  const atDeath = (await listReceived(restarted, server)).length;
  expect(atDeath).toBeGreaterThan(0);
  expect(atDeath).toBeLessThan(200);

  // Whoever died held its leases for up to half a minute.
  await until(async () => {
    await restarted.api.call('POST', `/v1/incoming-servers/${server}/fetch`);
    await host.runTimer('sweepTimer');
    const told = new Set(receiver.calls.map(({ headers }) => headers['webhook-id']));
    return told.size >= 200 && (await listReceived(restarted, server)).length >= 200;
  }, 60_000);

  const rows = await listReceived(restarted, server);
  expect(rows.map(({ subject }) => subject).sort()).toEqual([...sent.keys()].sort());
  for (const { id, subject } of rows) {
    expect(digest(await restarted.api.call<string>('GET', `/v1/received/${id}/raw`))).toBe(sent.get(subject));
  }
  const eventOf = new Map<string, Set<unknown>>();
  for (const call of receiver.calls) {
    const about = String(verify(call, secret).data['id']);
    eventOf.set(about, (eventOf.get(about) ?? new Set()).add(call.headers['webhook-id']));
  }
  expect([...eventOf.keys()].sort()).toEqual(rows.map(({ id }) => id).sort());
  expect([...eventOf.values()].map(({ size }) => size)).toEqual(rows.map(() => 1));
  await receiver.stop();
}, 120_000);
