import { TableClient } from '@azure/data-tables';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { odooLogin } from '../support/odoo-server.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';
import { refusedPointers } from '../support/refused-pointers.ts';

const server = createServer();
let connections = 0;
let flow: Flow;
let urls: string[];

beforeAll(async () => {
  flow = await startFlow({ settings: { WEBHOOK_PRIVATE_NETWORKS: '' } });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0', '169.254.169.254'];
  urls = hosts.flatMap((host) => [`http://${host}:${port}/hook`, `https://${host}:${port}/hook`]);
});
afterAll(() => server.close());

const add = (url: string) =>
  flow.api.call<{ id: string }>('POST', '/v1/destinations', { kind: 'webhook', name: 'Hook', url });

/** As an operator may have named it before the network was taken back: nobody judged it by its name. */
async function pointTo(id: string, url: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const table = TableClient.fromConnectionString(flow.storage.connectionString, 'configuration', options);
  const { json0 } = await table.getEntity<{ json0: string }>('destination', id);
  const json = JSON.stringify({ ...(JSON.parse(json0) as object), url });
  await table.updateEntity({ partitionKey: 'destination', rowKey: id, json0: json }, 'Merge');
}

it('refuses an address that is private by its name alone where it is named', async () => {
  const { id } = await add('https://receiver.example/hook');
  for (const url of [
    ...urls,
    'https://a.localhost./',
    'http://receiver.example',
    'https://10.0.0.1',
    'https://[fd00::1]',
  ]) {
    for (const body of [
      { kind: 'webhook', name: 'Hook', url },
      { kind: 'odoo', name: 'Odoo', url: new URL(url).origin, ...odooLogin },
    ]) {
      expect([url, await refusedPointers(flow.api, '/v1/destinations', body)]).toEqual([url, ['/url']]);
    }
    expect([url, await refusedPointers(flow.api, `/v1/destinations/${id}`, { url }, 'PATCH')]).toEqual([url, ['/url']]);
  }
  expect(await flow.api.call('PATCH', `/v1/destinations/${id}`, { url: 'https://1.1.1.1' })).toMatchObject({ id });
});

it('connects to no private address, whatever it is called, and says so at the delivery', async () => {
  const destinations: string[] = [];
  for (const url of urls) {
    const { id } = await add('https://receiver.example/hook');
    await pointTo(id, url);
    destinations.push(id);
  }
  const account = await flow.connect('ada@contoso.example');
  for (let at = 0; at < destinations.length; at += 10) {
    await addConfirmed(flow, { account: account.id, destinations: destinations.slice(at, at + 10), every: 1440 });
  }
  const { data } = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/incoming-servers');
  await flow.microsoft365.deliver('ada@contoso.example', mail('for inside'));
  for (const { id } of data) await fetchNow(flow, id);

  for (const destination of destinations) {
    const delivery = await until(async () => {
      const page = await flow.api.call<{ data: { status: string }[] }>(
        'GET',
        `/v1/deliveries?destination=${destination}`,
      );
      return page.data.find(({ status }) => status !== 'pending');
    });
    expect(delivery).toMatchObject({
      status: 'parked',
      attempts: 1,
      cause: { code: 'destination-forbidden', remedy: expect.stringContaining('WEBHOOK_PRIVATE_NETWORKS') as string },
    });
    expect(await flow.api.call('GET', `/v1/destinations/${destination}`)).toMatchObject({
      lastError: { code: 'destination-forbidden' },
    });
  }
  expect(connections).toBe(0);
});
