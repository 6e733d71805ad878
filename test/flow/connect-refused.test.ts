import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import type { Flow } from '../support/flow.ts';
import { startFlow } from '../support/flow.ts';
import { signInRedirect, unescape } from '../../dev/walk-sign-in.ts';

let flow: Flow;
let account: { readonly id: string };

beforeAll(async () => {
  flow = await startFlow();
});

beforeEach(async () => {
  const { data } = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/accounts');
  for (const { id } of data) await flow.api.call('DELETE', `/v1/accounts/${id}`);
  account = await flow.api.call('POST', '/v1/accounts', { address: 'ada@contoso.example' });
});

async function startConnect(id = account.id): Promise<string> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${id}/connect`);
  return authorizeUrl;
}

/** What the page says, as text. */
async function textOf(page: Response): Promise<string> {
  return unescape((await page.text()).replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')).replaceAll(/\s+/g, ' ');
}

async function expectUntouched(): Promise<void> {
  const read = await flow.api.call('GET', `/v1/accounts/${account.id}`);
  expect(read).toMatchObject({ state: 'not-connected' });
  expect(read).not.toHaveProperty('signedInAs');
}

describe('a sign-in that is not what it should be', () => {
  it.each([
    ['no state', ''],
    ['a forged state', `?code=abc&state=${'A'.repeat(43)}`],
    ['a state twice', '?code=abc&state=a&state=b'],
    ['a state as long as a novel', `?code=abc&state=${'A'.repeat(9_000)}`],
    ['an error without a state', '?error=access_denied&error_description=canary'],
  ])('%s is refused, and nothing of it is shown', async (_name, query) => {
    const page = await fetch(`${flow.url}/microsoft_outlook/confirm${query}`);
    expect(page.status).toBe(400);
    const text = await textOf(page);
    expect(text).toContain('This sign-in is unknown, was finished before, or was started more than 15 minutes ago.');
    expect(text).not.toContain('canary');
  });

  it('a state without a code or an error is used up and refused', async () => {
    const redirect = await signInRedirect(await startConnect());
    const bare = new URL(redirect);
    bare.searchParams.delete('code');
    expect((await fetch(bare)).status).toBe(400);
    expect((await fetch(redirect)).status).toBe(400);
    await expectUntouched();
  });

  it('an answer made for another nonce is refused', async () => {
    const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      aud: laptopTenant.clientId,
      oid: '00000000-0000-4000-8000-000000000001',
      tid: laptopTenant.tenantId,
      preferred_username: 'ada@contoso.example',
      nonce: 'somebody-elses',
    };
    const redirect = await signInRedirect(await startConnect());
    flow.microsoft365.faults.token.push({
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: 3600,
        access_token: 'access',
        refresh_token: 'refresh',
        id_token: `${base64({ alg: 'RS256' })}.${base64(claims)}.signature`,
        client_info: base64({ uid: claims.oid, utid: claims.tid }),
      },
    });
    const page = await fetch(redirect);
    expect(page.status).toBe(400);
    expect(await textOf(page)).toContain('What Microsoft answered does not belong to this sign-in.');
    await expectUntouched();
  });

  it('an account removed meanwhile stays removed', async () => {
    const redirect = await signInRedirect(await startConnect());
    await flow.api.call('DELETE', `/v1/accounts/${account.id}`);
    expect((await fetch(redirect)).status).toBe(400);
    expect((await flow.api.ask('GET', `/v1/accounts/${account.id}`)).status).toBe(404);
  });
});

describe('when Microsoft says no', () => {
  it('tells who pressed Cancel that it was declined', async () => {
    const grace = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
    const page = await fetch(
      await signInRedirect(await startConnect(grace.id), { as: 'grace@contoso.example', answer: 'cancel' }),
    );
    expect(page.status).toBe(400);
    const text = await textOf(page);
    expect(text).toContain('The sign-in was declined');
    expect(text).toContain('Who can mend it: You, as the owner of the mailbox.');
    expect(text).toContain('AADSTS65004');
  });

  it('shows Microsoft’s own words as text, whatever stands in them', async () => {
    const state = new URL(await startConnect()).searchParams.get('state') ?? '';
    const hostile = `</dd><script>alert(1)</script><img src=x onerror='alert("2")'> AADSTS50105 ${'x'.repeat(2_000)}`;
    const query = new URLSearchParams({ state, error: '<b>access_denied', error_description: hostile });
    const page = await fetch(`${flow.url}/microsoft_outlook/confirm?${query.toString()}`);
    expect(page.status).toBe(403);
    const html = await page.text();
    expect(html).not.toMatch(/<script|<img|<b>/);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).toContain('the person is not assigned to the application (AADSTS50105)');
    expect(html).not.toContain('x'.repeat(501));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('script');
  });

  it.each([
    [90094, 403, 'An administrator must approve Postern'],
    [53003, 403, 'Conditional Access blocks the sign-in'],
    [90033, 503, 'Microsoft asks to try again later'],
    [65005, 409, 'the permissions are not listed in the registration'],
  ] as const)('explains AADSTS%i', async (aadsts, status, words) => {
    flow.microsoft365.faults.signIn.push({ aadsts });
    const page = await fetch(await signInRedirect(await startConnect()));
    expect(page.status).toBe(status);
    const text = await textOf(page);
    expect(text).toContain(words);
    expect(text).toContain(`AADSTS${aadsts}`);
    await expectUntouched();
  });

  it.each([
    [7000215, 409, 'its ID instead of its Value is the usual mistake'],
    [7000222, 409, 'the client secret has expired'],
    [90055, 503, 'Microsoft asks to try again later'],
    [54005, 400, 'the code was used before'],
  ] as const)('explains AADSTS%i when it redeems the code', async (aadsts, status, words) => {
    const redirect = await signInRedirect(await startConnect());
    flow.microsoft365.faults.token.push({ aadsts });
    const page = await fetch(redirect);
    expect(page.status).toBe(status);
    expect(await textOf(page)).toContain(words);
    await expectUntouched();
  });
});
