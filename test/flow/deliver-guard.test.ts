import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startFlow } from '../support/flow.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';

it('connects to no private address, whatever it is called, and says so at the delivery', async () => {
  const flow = await startFlow({ settings: { WEBHOOK_PRIVATE_NETWORKS: '' } });
  let connections = 0;
  const server = createServer();
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0', '169.254.169.254'];
  const destinations: string[] = [];
  for (const host of hosts) {
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://${host}:${port}/hook`;
      const body = { kind: 'webhook', name: url, url };
      destinations.push((await flow.api.call<{ id: string }>('POST', '/v1/destinations', body)).id);
    }
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
  server.close();
});
