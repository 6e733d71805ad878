import { expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow } from '../support/flow.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { readAllTables } from '../support/tables.ts';
import { readAllSecrets } from '../support/vault-secrets.ts';

interface Created {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}

it('keeps secrets in the vault alone: not in tables, the log, pages or answers', async () => {
  const flow = await startFlow();
  const { api, microsoft365, log } = flow;
  const seen: string[] = [];
  const receiver = await startWebhookReceiver();

  // Everything that has to do with secrets happens once, what fails too.
  const ada = await flow.connect('ada@contoso.example');
  const grace = await flow.connect('grace@contoso.example');
  const key = await api.call<Created>('POST', '/v1/api-keys', { name: 'App', scopes: ['messages.send'] });
  const hook = { kind: 'webhook', name: 'Hook', url: receiver.url };
  const destination = await api.call<Created>('POST', '/v1/destinations', hook);
  await api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id });
  const incoming = await api.call<Created>('POST', '/v1/incoming-servers', {
    name: 'Grace',
    account: grace.id,
    destinations: [destination.id],
  });
  await api.call('POST', `/v1/incoming-servers/${incoming.id}/confirm`);
  const message = await api.call<Created>('POST', '/v1/messages', {
    from: 'ada@contoso.example',
    to: 'grace@contoso.example',
    text: 'Hello',
  });
  await until(async () => (await api.call('GET', `/v1/messages/${message.id}`))['status'] === 'sent');
  await api.call('POST', `/v1/incoming-servers/${incoming.id}/fetch`);
  await until(() => Promise.resolve(receiver.calls.length > 0));

  const start = async (): Promise<URL> =>
    new URL((await api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${ada.id}/connect`)).authorizeUrl);
  const pending = await start();
  microsoft365.faults.token.push({ aadsts: 7000215 }, { aadsts: 50076 });
  const codes = [];
  for (const as of ['ada@contoso.example', 'ada@contoso.example', 'grace@contoso.example', 'ada@contoso.example']) {
    const redirect = await signInRedirect((await start()).href, { as });
    codes.push(redirect.searchParams.get('code') ?? '');
    seen.push(await (await fetch(redirect)).text());
  }
  const wrongKey = `${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'B' : 'A'}`;
  seen.push(await (await fetch(`${flow.url}/v1/app`, { headers: { authorization: `Bearer ${wrongKey}` } })).text());
  for (const path of [
    'app',
    'accounts',
    'api-keys',
    'destinations',
    'outgoing-servers',
    'incoming-servers',
    'messages',
  ]) {
    seen.push(JSON.stringify(await api.call('GET', `/v1/${path}`)));
  }

  const vault = await readAllSecrets(flow.settings);
  const tokens = Object.values(vault)
    .filter((value) => value.startsWith('{'))
    .flatMap((value) => [...value.matchAll(/"secret":"([^"]+)"/g)].map((match) => match[1] ?? ''));
  const canaries: Record<string, string> = {
    'the client secret': laptopTenant.clientSecret,
    'the first admin key': flow.adminKey,
    'an API key': key.key,
    'a wrong API key': wrongKey,
    'a webhook secret': destination.secret,
    'a state': pending.searchParams.get('state') ?? '',
    ...Object.fromEntries(tokens.map((token, index) => [`token ${index}`, token])),
    ...Object.fromEntries(codes.map((code, index) => [`code ${index}`, code])),
  };
  // Access, refresh and identity token of two accounts.
  expect(tokens.length).toBeGreaterThanOrEqual(6);
  expect(Object.values(vault)).toContain(laptopTenant.clientSecret);
  for (const [name, canary] of Object.entries(canaries)) expect(canary.length, name).toBeGreaterThan(15);

  const tables = await readAllTables(flow.storage.connectionString);
  expect(Object.keys(tables)).toEqual(expect.arrayContaining(['configuration', 'consents', 'messages', 'received']));
  expect(tables['consents']).toContain('codeVerifier');
  expect(log.some((line) => line.includes('AADSTS7000215'))).toBe(true);
  const places = { ...tables, log: log.join('\n'), answers: seen.join('\n') };
  for (const [place, text] of Object.entries(places)) {
    for (const [name, canary] of Object.entries(canaries)) {
      expect(text.includes(canary), `${name} stands in ${place}`).toBe(false);
    }
  }
  await receiver.stop();
});
