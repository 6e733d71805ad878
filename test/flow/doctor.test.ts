import { beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../../dev/microsoft365/failures.ts';
import { aadsts } from '../../dev/microsoft365/login/aadsts.ts';
import { walkSignIn } from '../../dev/walk-sign-in.ts';
import { doctorCases } from '../support/doctor-cases.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { readAllSecrets } from '../support/vault-secrets.ts';

interface Leg {
  readonly leg: string;
  readonly status: string;
  readonly detail: string;
  readonly code?: string;
  readonly cause?: string;
  readonly actor?: string;
  readonly remedy?: string;
}

interface Report {
  readonly ok: boolean;
  readonly summary: string;
  readonly legs: readonly Leg[];
}

const legs = [
  'credential',
  'token',
  'claims',
  'imap-login',
  'imap-select',
  'smtp-connect',
  'smtp-login',
  'smtp-sender',
];
const seen: string[] = [];
let flow: Flow;
let accounts: { ada: string; support: string };

beforeAll(async () => {
  flow = await startFlow();
  const ada = await flow.connect('ada@contoso.example');
  const shared = { kind: 'shared', delegate: 'ada@contoso.example' };
  const support = await flow.connect('support@contoso.example', shared);
  accounts = { ada: ada.id, support: support.id };
});

async function test(account: string): Promise<Report> {
  const { status, body } = await flow.api.ask<Report>('POST', `/v1/accounts/${account}/test`);
  expect(status).toBe(200);
  seen.push(JSON.stringify(body));
  return body;
}

async function reconnect(account: string): Promise<void> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account}/connect`);
  expect((await walkSignIn(authorizeUrl)).status).toBe(200);
}

/** The failed leg that decides. */
const failed = ({ legs: gone }: Report): Leg | undefined =>
  gone.find(({ leg, status }) => status === 'failed' && leg !== 'claims');

it('goes every leg of a mailbox that works', async () => {
  for (const id of Object.values(accounts)) {
    const report = await test(id);
    expect(report).toMatchObject({ ok: true, summary: 'The mailbox works.' });
    expect(report.legs.map(({ leg, status }) => [leg, status])).toEqual(legs.map((leg) => [leg, 'passed']));
  }
});

describe('finds why, who must act and what to do', () => {
  it.each(Object.entries(doctorCases))('%s', async (name, expected) => {
    const id = accounts[expected.of ?? 'ada'];
    await flow.microsoft365.failures.start(name);
    const report = await test(id).finally(() => flow.microsoft365.failures.stop(name));
    expect(report.ok).toBe(false);
    expect(report.legs.map(({ leg }) => leg)).toEqual(legs);
    const leg = failed(report);
    expect(leg).toMatchObject({ leg: expected.leg, code: expected.code, actor: expected.actor });
    expect(leg?.remedy).toContain(expected.remedy);
    expect(leg?.cause).toContain(expected.cause ?? '');
    expect(report.summary).toContain(`${expected.leg} failed: `);
    const account = await flow.api.call('GET', `/v1/accounts/${id}`);
    expect(account['state']).toBe(expected.state ?? 'connected');

    if (expected.consent) {
      expect((await test(id)).ok).toBe(false);
      await reconnect(id);
    }
    expect(await test(id)).toMatchObject({ ok: true });
    expect(await flow.api.call('GET', `/v1/accounts/${id}`)).toMatchObject({ state: 'connected' });
  });

  it('has a case for every failure there is', () => {
    const named = Object.keys(failures).filter((name) => !name.startsWith('aadsts-'));
    // It has a test of its own, for it takes its time.
    expect([...Object.keys(doctorCases), 'slow-server'].sort()).toEqual(named.sort());
  });

  it.each(Object.keys(aadsts))('AADSTS%s', async (number) => {
    const name = `aadsts-${number}`;
    await flow.microsoft365.failures.start(name);
    const report = await test(accounts.ada).finally(() => flow.microsoft365.failures.stop(name));
    const leg = failed(report);
    expect(['credential', 'token']).toContain(leg?.leg);
    expect(leg?.cause).toContain(`AADSTS${number}`);
    // Something to do, filled in: nothing to be replaced by hand.
    expect(leg?.remedy?.length).toBeGreaterThan(20);
    expect(leg?.remedy).not.toMatch(/\{id\}|undefined|\[object/);
    expect(await test(accounts.ada)).toMatchObject({ ok: true });
  });
});

it('tells nothing secret, and has sent nothing', async () => {
  const tokens = Object.values(await readAllSecrets(flow.settings)).flatMap((value) =>
    value.startsWith('{') ? [...value.matchAll(/"secret":"([^"]+)"/g)].map((match) => match[1] ?? '') : [value],
  );
  expect(tokens.length).toBeGreaterThanOrEqual(6);
  expect(seen.length).toBeGreaterThan(100);
  const told = `${seen.join('\n')}\n${flow.log.join('\n')}`;
  for (const token of tokens) expect(told.includes(token)).toBe(false);
  // No token of any kind, not only those that are kept.
  expect(told).not.toMatch(/eyJ[\w-]{10,}\.eyJ|Bearer [\w-]{20,}/);
  expect(flow.microsoft365.sessions.smtpMessages).toBe(0);
  expect(flow.microsoft365.outside()).toEqual([]);
});
