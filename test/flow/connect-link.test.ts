import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInRedirect, unescape } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';

const ada = { as: 'ada@contoso.example' };

let flow: Flow;
let account: string;

beforeAll(async () => {
  flow = await startFlow();
});

beforeEach(async () => {
  const { data } = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/accounts');
  for (const { id } of data) await flow.api.call('DELETE', `/v1/accounts/${id}`);
  account = (await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: ada.as })).id;
});

async function makeLink(body?: object): Promise<string> {
  return (await flow.api.call<{ url: string }>('POST', `/v1/accounts/${account}/connect-link`, body)).url;
}

/** Presses the button. Answers where it leads. */
async function press(link: string): Promise<string> {
  const pressed = await fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams() });
  return pressed.headers.get('location') ?? `nowhere: ${pressed.status}`;
}

async function textOf(page: Response): Promise<string> {
  return unescape((await page.text()).replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')).replaceAll(/\s+/g, ' ');
}

const read = () => flow.api.call('GET', `/v1/accounts/${account}`);

describe('a connect link', () => {
  it('lets the owner connect the mailbox without an API key, once', async () => {
    const link = await makeLink();
    const page = await fetch(link);
    expect(page.status).toBe(200);
    const text = await textOf(page);
    expect(text).toContain('Connect ada@contoso.example');
    expect(text).toContain('Sign in as ada@contoso.example .');

    const connected = await fetch(await signInRedirect(await press(link), ada));
    expect([connected.status, await read()]).toMatchObject([200, { state: 'connected' }]);
    const later = await fetch(link);
    expect(later.status).toBe(410);
    expect(await textOf(later)).toContain('ada@contoso.example was connected on');
    expect(await press(link)).toBe('nowhere: 410');
  });

  it('is not used up by looking, by pressing, or by a sign-in that ended badly', async () => {
    const link = await makeLink();
    for (const method of ['GET', 'HEAD', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
    expect(await readAllTables(flow.storage.connectionString).then(({ consents = '' }) => consents)).not.toContain(
      `codeVerifier`,
    );
    const [first, second] = [await press(link), await press(link)];
    const wrong = await fetch(await signInRedirect(first, { as: 'grace@contoso.example' }));
    expect(wrong.status).toBe(403);
    const declined = `${flow.url}/microsoft_outlook/confirm?error=access_denied&state=${new URL(second).searchParams.get('state') ?? ''}`;
    expect((await fetch(declined)).status).toBe(400);
    expect((await fetch(link)).status).toBe(200);
    expect((await fetch(await signInRedirect(await press(link), ada))).status).toBe(200);
  });

  it('gives way to a newer one, and ends with the account', async () => {
    const older = await makeLink();
    const newer = await makeLink({ expiresInHours: 1 });
    expect((await fetch(older)).status).toBe(404);
    expect(await press(older)).toBe('nowhere: 404');
    expect((await fetch(newer)).status).toBe(200);
    const started = await press(newer);
    await flow.api.call('DELETE', `/v1/accounts/${account}`);
    expect((await fetch(newer)).status).toBe(404);
    expect((await fetch(await signInRedirect(started, ada))).status).toBe(400);
    const { consents } = await readAllTables(flow.storage.connectionString);
    expect(consents).not.toContain(account);
  });

  it('is a secret that only whoever has it knows', async () => {
    const link = await makeLink();
    const token = new URL(link).searchParams.get('token') ?? '';
    await fetch(await signInRedirect(await press(link), ada));
    const page = await fetch(link);
    const places = { ...(await readAllTables(flow.storage.connectionString)), log: flow.log.join('\n') };
    for (const [place, text] of Object.entries({ ...places, page: await page.text() })) {
      expect(text.includes(token.slice(10)), place).toBe(false);
    }
  });

  it.each(['', '?token=', `?token=${'x'.repeat(5_000)}`, '?token=a&token=b', `?token=${'0'.repeat(53)}`])(
    'that is none (%s) is told in a page',
    async (query) => {
      const page = await fetch(`${flow.url}/connect${query}`);
      expect(page.status).toBe(404);
      expect(await textOf(page)).toContain('Ask whoever sent you the link for a new one.');
    },
  );

  it('is sent with headers that keep it where it is; its form may lead to Microsoft, and nothing runs', async () => {
    const { headers } = await fetch(await makeLink());
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https:");
    expect(policy).not.toContain('script');
  });

  it.each([
    [{ expiresInHours: 1 }, 1],
    [{ expiresInHours: 720 }, 720],
    [{}, 72],
    [undefined, 72],
  ])('made with %j lasts %i hours', async (body, hours) => {
    const path = `/v1/accounts/${account}/connect-link`;
    const { expiresAt } = await flow.api.call<{ expiresAt: string }>('POST', path, body);
    expect((Date.parse(expiresAt) - Date.now()) / 3_600_000).toBeCloseTo(hours, 1);
  });

  it.each([{ expiresInHours: 0 }, { expiresInHours: 721 }, { expiresInHours: 1.5 }, { hours: 1 }])(
    'cannot be made with %j',
    async (body) => {
      expect((await flow.api.ask('POST', `/v1/accounts/${account}/connect-link`, body)).status).toBe(422);
    },
  );
});
