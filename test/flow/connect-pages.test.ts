import { beforeAll, describe, expect, it } from 'vitest';
import { microsoftErrors } from '../../functions/accounts/microsoft-errors.ts';
import { aadsts, type AadstsCode } from '../../dev/microsoft365/login/aadsts.ts';
import { signInRedirect, unescape } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllTables } from '../support/tables.ts';

const ada = { as: 'ada@contoso.example' };

let flow: Flow;
let account: string;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: ada.as })).id;
});

async function comeBack(): Promise<URL> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account}/connect`);
  return signInRedirect(authorizeUrl, ada);
}

async function textOf(page: Response): Promise<string> {
  return unescape((await page.text()).replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')).replaceAll(/\s+/g, ' ');
}

function expectQuiet({ headers }: Response): void {
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
}

describe('the page after a sign-in', () => {
  it('has an address without code and state, for whoever has its receipt', async () => {
    const redirect = await comeBack();
    const answer = await fetch(redirect, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expectQuiet(answer);
    const location = answer.headers.get('location') ?? '';
    const receipt = new URL(location).searchParams.get('receipt') ?? '';
    expect(location).toBe(`${flow.url}/microsoft_outlook/connected?receipt=${receipt}`);
    expect(receipt).toMatch(/^[\w-]{43}$/);
    for (const page of [await fetch(location), await fetch(location)]) {
      expectQuiet(page);
      expect([page.status, await textOf(page)]).toEqual([200, expect.stringContaining(`${ada.as} is connected`)]);
    }
    const secrets = ['code', 'state'].map((name) => redirect.searchParams.get(name) ?? '');
    const places = { ...(await readAllTables(flow.storage.connectionString)), log: flow.log.join('\n') };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of [...secrets, receipt]) expect(text.includes(secret), place).toBe(false);
    }

    await flow.api.call('POST', `/v1/accounts/${account}/disconnect`);
    const over = await fetch(location);
    expect([over.status, (await over.text()).includes(ada.as)]).toEqual([404, false]);
  });

  it.each(['', '?receipt=', `?receipt=${'A'.repeat(43)}`, `?receipt=${'A'.repeat(9_000)}`, '?receipt=a&receipt=b'])(
    'is none with %s, and tells nothing',
    async (query) => {
      const page = await fetch(`${flow.url}/microsoft_outlook/connected${query}`);
      expect(page.status).toBe(404);
      expectQuiet(page);
      expect(await textOf(page)).toContain('This page has ended');
    },
  );

  it('is shown to one of two who come back at once with the same state, on two hosts', async () => {
    const second = await flow.startSecondHost();
    const redirect = await comeBack();
    const there = new URL(redirect.pathname + redirect.search, second.url);
    const answers = await Promise.all(
      [redirect, there, redirect, there].map((url) => fetch(url, { redirect: 'manual' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400]);
  });
});

describe('a state of one account with the code of another', () => {
  it('connects neither', async () => {
    const grace = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
    const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${grace.id}/connect`);
    const hers = await signInRedirect(authorizeUrl, { as: 'grace@contoso.example' });
    const mixed = await comeBack();
    mixed.searchParams.set('code', hers.searchParams.get('code') ?? '');
    const page = await fetch(mixed);
    expect([page.status, await textOf(page)]).toEqual([400, expect.stringContaining('AADSTS501481')]);
    expect(await flow.api.call('GET', `/v1/accounts/${grace.id}`)).toMatchObject({ state: 'not-connected' });
  });
});

describe('every number Microsoft ends a sign-in with', () => {
  const who = /Who can mend it: (You, as the owner of the mailbox|An administrator of your organisation|Whoever runs)/;
  const numbers = Object.keys(microsoftErrors).filter((number) => number in aadsts);

  it('is most of those in the table', () => {
    expect(numbers.length).toBeGreaterThan(45);
  });

  it.each(numbers)('AADSTS%s has its page', async (number) => {
    flow.microsoft365.faults.signIn.push({ aadsts: Number(number) as AadstsCode });
    const page = await fetch(await comeBack());
    expectQuiet(page);
    expect(page.status).toBeGreaterThanOrEqual(400);
    const text = await textOf(page);
    expect(text).toContain(microsoftErrors[number]?.why);
    expect(text).toMatch(who);
    expect(text).toMatch(/What to do: [A-Z]/);
    expect(text).toContain(`Microsoft’s number AADSTS${number}`);
    expect(text).toMatch(/Trace ID [0-9a-f-]{36} Correlation ID [0-9a-f-]{36} Microsoft’s words AADSTS/);
  });
});
