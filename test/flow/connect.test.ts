import { beforeAll, describe, expect, it } from 'vitest';
import type { Flow } from '../support/flow.ts';
import { startFlow } from '../support/flow.ts';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { readAllTables } from '../support/tables.ts';

interface Account {
  readonly id: string;
  readonly state: string;
  readonly signedInAs?: string;
  readonly connectedAt?: string;
}

const notifications = { as: 'notifications@contoso.example' };

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

async function addAccount(account: Record<string, unknown>): Promise<Account> {
  return flow.api.call<Account>('POST', '/v1/accounts', account);
}

async function startConnect(id: string): Promise<string> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${id}/connect`);
  return authorizeUrl;
}

async function read(id: string): Promise<Account> {
  return flow.api.call<Account>('GET', `/v1/accounts/${id}`);
}

/** The name of the secret that keeps the account's tokens, as the table has it. */
async function tokenSecretOf(id: string): Promise<string | undefined> {
  const { configuration = '' } = await readAllTables(flow.storage.connectionString);
  return new RegExp(`grant-${id.replace('_', '-')}-[0-9a-z]+`).exec(configuration)?.[0];
}

describe('connecting a mailbox', () => {
  it('sends the person to Microsoft with everything that ties the answer to this sign-in', async () => {
    const { id } = await addAccount({ address: 'grace@contoso.example' });
    const { authorizeUrl, expiresAt, signInAs } = await flow.api.call<{
      authorizeUrl: string;
      expiresAt: string;
      signInAs: string;
    }>('POST', `/v1/accounts/${id}/connect`);
    expect(signInAs).toBe('grace@contoso.example');
    const url = new URL(authorizeUrl);
    expect(url.pathname).toBe('/7d6d2f9c-3a55-4b0e-9d3f-0c5f4f0b7a11/oauth2/v2.0/authorize');
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      client_id: '3f1c9a52-86d4-4e57-b1f0-6a2c8d9e0b47',
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: `${flow.url}/microsoft_outlook/confirm`,
      prompt: 'select_account',
      code_challenge_method: 'S256',
    });
    expect(query['code_challenge']).toMatch(/^[\w-]{43}$/);
    expect(query['state']).toMatch(/^[\w-]{43}$/);
    expect(query['nonce']).toMatch(/^[\w-]{22}$/);
    expect(query['scope']?.split(' ').sort()).toEqual([
      'email',
      'https://outlook.office.com/IMAP.AccessAsUser.All',
      'https://outlook.office.com/SMTP.Send',
      'offline_access',
      'openid',
      'profile',
    ]);
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);

    const again = new URL(await startConnect(id)).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again.get(name)).not.toBe(query[name]);
  });

  it('ends at a page that says so, with the tokens in the vault and the account connected', async () => {
    const { id } = await addAccount({ address: 'ada@contoso.example' });
    expect(await read(id)).toMatchObject({ state: 'not-connected' });
    const page = await fetch(await signInRedirect(await startConnect(id)));
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('Outlook Token Valid');
    expect(html).toContain('ada@contoso.example is connected');

    const account = await read(id);
    expect(account).toMatchObject({ state: 'connected', signedInAs: 'ada@contoso.example' });
    expect(Date.parse(account.connectedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(flow.vault.versions((await tokenSecretOf(id)) ?? '')).toBe(1);
  });

  it('takes a redirect from Microsoft once', async () => {
    const { id } = await addAccount({ address: 'notifications@contoso.example' });
    const redirect = await signInRedirect(await startConnect(id), notifications);
    const [one, other] = await Promise.all([fetch(redirect), fetch(redirect)]);
    expect([one.status, other.status].sort()).toEqual([200, 400]);
    const refused = await (one.status === 400 ? one : other).text();
    expect(refused).toContain('unknown, was finished before');
    const later = await fetch(redirect);
    expect(later.status).toBe(400);
    expect(await read(id)).toMatchObject({ state: 'connected' });
  });

  it('does not let programs that look at links use a redirect up', async () => {
    const [{ id }] = await accounts('grace@contoso.example');
    const redirect = await signInRedirect(await startConnect(id), { as: 'grace@contoso.example' });
    expect((await fetch(redirect, { method: 'HEAD' })).status).toBe(405);
    expect((await fetch(redirect)).status).toBe(200);
  });

  it('connects a shared mailbox through its delegate', async () => {
    const shared = { address: 'support@contoso.example', kind: 'shared', delegate: 'ada@contoso.example' };
    const { id } = await addAccount(shared);
    const { authorizeUrl, signInAs } = await flow.api.call<{ authorizeUrl: string; signInAs: string }>(
      'POST',
      `/v1/accounts/${id}/connect`,
    );
    expect(signInAs).toBe('ada@contoso.example');
    const html = await (await fetch(await signInRedirect(authorizeUrl, { as: signInAs }))).text();
    expect(html).toContain('support@contoso.example is connected');
    expect(html).toContain('Signed in as ada@contoso.example');
    expect(await read(id)).toMatchObject({ ...shared, state: 'connected', signedInAs: 'ada@contoso.example' });
  });

  it('connects again under the same id, and the former tokens leave the vault', async () => {
    const [{ id }] = await accounts('ada@contoso.example');
    const former = (await tokenSecretOf(id)) ?? '';
    const page = await fetch(await signInRedirect(await startConnect(id)));
    expect(page.status).toBe(200);
    const present = (await tokenSecretOf(id)) ?? '';
    expect(present).not.toBe(former);
    expect(flow.vault.versions(present)).toBe(1);
    expect(flow.vault.versions(former)).toBe(0);
    expect(await read(id)).toMatchObject({ id, state: 'connected' });
  });

  it('forgets the tokens of an account that is disconnected, and of one that is removed', async () => {
    const [{ id }] = await accounts('notifications@contoso.example');
    const first = (await tokenSecretOf(id)) ?? '';
    expect(await flow.api.call('POST', `/v1/accounts/${id}/disconnect`)).toMatchObject({ state: 'not-connected' });
    expect(flow.vault.versions(first)).toBe(0);
    expect(await tokenSecretOf(id)).toBeUndefined();

    expect((await fetch(await signInRedirect(await startConnect(id), notifications))).status).toBe(200);
    const second = (await tokenSecretOf(id)) ?? '';
    expect(flow.vault.versions(second)).toBe(1);
    await flow.api.call('DELETE', `/v1/accounts/${id}`);
    expect(flow.vault.versions(second)).toBe(0);
    expect((await flow.api.ask('GET', `/v1/accounts/${id}`)).status).toBe(404);
  });
});

describe('the person who signs in', () => {
  it('must be the one the account names', async () => {
    const { id } = await addAccount({ address: 'notifications@contoso.example' });
    const page = await fetch(await signInRedirect(await startConnect(id), { as: 'grace@contoso.example' }));
    expect(page.status).toBe(403);
    const html = await page.text();
    expect(html).toContain('The account to connect is notifications@contoso.example');
    expect(html).toContain('grace@contoso.example signed in');
    expect(await read(id)).toMatchObject({ state: 'not-connected' });
    expect(await read(id)).not.toHaveProperty('signedInAs');
    expect(await tokenSecretOf(id)).toBeUndefined();
  });

  it('must stay the same person', async () => {
    const [{ id }] = await accounts('ada@contoso.example');
    const before = await tokenSecretOf(id);
    const page = await fetch(await signInRedirect(await startConnect(id), { as: 'grace@contoso.example' }));
    expect(page.status).toBe(403);
    expect(await page.text()).toContain('The account to connect is ada@contoso.example');
    expect(await read(id)).toMatchObject({ state: 'connected', signedInAs: 'ada@contoso.example' });
    expect(await tokenSecretOf(id)).toBe(before);
  });

  it('cannot be put in by a code of another sign-in', async () => {
    const [{ id }] = await accounts('notifications@contoso.example');
    const other = await signInRedirect(await startConnect(id), notifications);
    const mine = await signInRedirect(await startConnect(id), notifications);
    mine.searchParams.set('code', other.searchParams.get('code') ?? '');
    const page = await fetch(mine);
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('AADSTS501481');
    expect(await read(id)).toMatchObject({ state: 'not-connected' });
  });
});

async function accounts(address: string): Promise<[Account]> {
  const { data } = await flow.api.call<{ data: (Account & { address: string })[] }>('GET', '/v1/accounts');
  const found = data.find((account) => account.address === address);
  if (found === undefined) throw new Error(`There is no account ${address}.`);
  return [found];
}
