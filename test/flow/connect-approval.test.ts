import { beforeAll, describe, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { signInRedirect, unescape } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';

const katherine = 'katherine@contoso.example';
const { clientId, tenantId, clientSecret } = laptopTenant;

let flow: Flow;
let account: string;
/** What an administrator has to open. */
let link: string;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: katherine })).id;
});

async function startConnect(): Promise<string> {
  return (await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account}/connect`)).authorizeUrl;
}

/** The address of the first link of a page. */
function linkIn(html: string): string {
  return unescape(/<a [^>]*href="([^"]+)">/.exec(html)?.[1] ?? '');
}

// Each step starts where the one before ended.
describe('where only administrators approve', () => {
  it('the refusal has the link to send to one', async () => {
    const page = await fetch(await signInRedirect(await startConnect(), { as: katherine }));
    expect(page.status).toBe(403);
    const html = await page.text();
    expect(html).toContain('Your organisation has not approved this application');
    expect(html).toContain('AADSTS90094');
    expect(html).toMatch(/Trace ID<\/dt><dd>[0-9a-f-]{36}/);
    link = linkIn(html);
    const { pathname, searchParams } = new URL(link);
    expect(pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
    expect(searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['https://outlook.office.com/SMTP.Send', 'offline_access', 'openid', 'email']),
    );
    const state = searchParams.get('state') ?? '';
    expect(state).toMatch(/^approval-[\w-]{43}$/);
    const { consents } = await readAllTables(flow.storage.connectionString);
    expect(consents).toContain(account);
    expect(consents).not.toContain(state.slice('approval-'.length));
  });

  it('an administrator who declines changes nothing', async () => {
    const declined = await fetch(await signInRedirect(link, { answer: 'cancel' }));
    expect(declined.status).toBe(400);
    expect(await declined.text()).toContain('The sign-in was declined');
  });

  it('one who approves can go on with the sign-in that waited, once', async () => {
    const approval = await signInRedirect(link);
    const [one, other] = await Promise.all([fetch(approval), fetch(approval)]);
    const pages = await Promise.all([one.text(), other.text()]);
    expect([one.status, other.status]).toEqual([200, 200]);
    for (const html of pages) expect(html).toContain('Postern is approved for your organisation');
    const leading = pages.filter((html) => html.includes(`Sign in as ${katherine}`));
    expect(leading).toHaveLength(1);
    expect(await flow.api.call('GET', `/v1/accounts/${account}`)).toMatchObject({ state: 'not-connected' });

    const page = await fetch(await signInRedirect(linkIn(leading[0] ?? ''), { as: katherine }));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(`${katherine} is connected`)]);
    expect(await flow.api.call('GET', `/v1/accounts/${account}`)).toMatchObject({ state: 'connected' });
  });

  it('a link that comes late, or was made up, or whose account is gone, ends at the page without that', async () => {
    flow.microsoft365.faults.signIn.push({ aadsts: 90095 });
    const html = await (await fetch(await signInRedirect(await startConnect(), { as: katherine }))).text();
    const approval = await signInRedirect(linkIn(html));
    await flow.api.call('DELETE', `/v1/accounts/${account}`);
    const madeUp = `${flow.url}/microsoft_outlook/confirm?admin_consent=True&state=approval-${'A'.repeat(43)}`;
    const late = `${flow.url}/microsoft_outlook/confirm?admin_consent=True&state=approval`;
    for (const url of [approval, madeUp, late]) {
      const page = await fetch(url);
      const text = await page.text();
      expect([page.status, text.includes('whoever was stopped can now connect again')]).toEqual([200, true]);
      expect(text).not.toContain('href');
    }
  });

  it('words of a stranger are not shown as Microsoft’s', async () => {
    const query = new URLSearchParams({
      state: 'approval',
      error: 'Call 555-0100',
      error_description: 'AADSTS90094: canary, call 555-0100',
    });
    const page = await fetch(`${flow.url}/microsoft_outlook/confirm?${query.toString()}`);
    expect(page.status).toBe(403);
    const html = await page.text();
    expect(html).toContain('AADSTS90094');
    expect(html).not.toMatch(/canary|555/);
  });
});

describe('GET /v1/app/admin-consent', () => {
  it('has the link that is good at any time', async () => {
    const { adminConsentUrl } = await flow.api.call<{ adminConsentUrl: string }>('GET', '/v1/app/admin-consent');
    expect(new URL(adminConsentUrl).searchParams.get('state')).toBe('approval');
    const page = await fetch(await signInRedirect(adminConsentUrl));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Postern is approved')]);
  });

  it('has none for personal accounts', async () => {
    await flow.api.call('PUT', '/v1/app', { clientId, tenant: 'consumers', clientSecret });
    const { status, body } = await flow.api.ask('GET', '/v1/app/admin-consent');
    expect([status, body['code']]).toEqual([409, 'conflict']);
  });
});
