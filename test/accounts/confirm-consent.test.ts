import { describe, expect, it } from 'vitest';
import { anonymous } from '../../functions/access/caller.ts';
import type { Account, Identity } from '../../functions/accounts/account.ts';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import type { AwaitedApproval } from '../../functions/accounts/approval.ts';
import { confirmConsent } from '../../functions/accounts/confirm-consent.ts';
import { connectAccount } from '../../functions/accounts/connect-account.ts';
import type { Consent } from '../../functions/accounts/consent.ts';
import type { SignIn } from '../../functions/accounts/sign-in.ts';
import type { Call } from '../../functions/shared/call.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { createMemoryCollection } from './memory-collection.ts';

const ada: Identity = { objectId: 'ada-object', tenantId: 'contoso', address: 'ada@contoso.example' };
const started = new Date('2026-11-23T12:00:00Z');
const account: Account = {
  id: 'acc_ada',
  address: 'Ada@contoso.example',
  kind: 'user',
  state: 'not-connected',
  createdAt: started.toISOString(),
};

/** A sign-in by Ada of a stack in memory, at a time of one's choosing. */
function createSignIn({ before = account, identity = ada }: { before?: Account; identity?: Identity } = {}) {
  const journal: string[] = [];
  const note = (line: string): void => void journal.push(line.replace(/grant-acc-ada-[0-9a-z]{10}/, 'GRANT'));
  const secrets = new Map<string, string>();
  const accounts = createMemoryCollection<Account>({ [before.id]: before }, note);
  const consents = createMemoryCollection<Consent>();
  const asked: Parameters<SignIn['redeem']>[1][] = [];
  let whileRedeeming: () => Promise<unknown> = () => Promise.resolve();
  let now = started;
  const call: Call = {
    id: 'call',
    caller: anonymous,
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: note, error: note },
    now: () => now,
  };
  const ports = {
    app: createMemoryCollection<AppRegistration>({ [appRegistrationId]: { clientId: 'client', tenant: 'common' } }),
    accounts,
    consents,
    approvals: createMemoryCollection<AwaitedApproval>(),
    publicUrl: 'https://postern.example',
    secrets: {
      get: () => Promise.resolve(undefined),
      set: (name: string, secret: Secret) => {
        note(`set ${name}`);
        secrets.set(name, secret.reveal());
        return Promise.resolve();
      },
      remove: (name: string) => {
        note(`forget ${name}`);
        secrets.delete(name);
        return Promise.resolve();
      },
    },
    signIn: {
      approvalUrl: () => Promise.resolve(undefined),
      authorizeUrl: (_app, { state }) => Promise.resolve(state),
      redeem: async (_app, request) => {
        asked.push(request);
        await whileRedeeming();
        return { identity, tokens: new Secret('tokens') };
      },
    } satisfies SignIn,
  };
  return {
    journal,
    secrets,
    accounts,
    consents,
    asked,
    connect: async () => (await connectAccount(call, before, ports)).authorizeUrl,
    confirm: async (state: string) => (await confirmConsent(call, { state, code: 'code' }, ports)).account,
    meanwhile: (run: () => Promise<unknown>) => void (whileRedeeming = run),
    later: (milliseconds: number) => void (now = new Date(started.getTime() + milliseconds)),
    read: async () => (await accounts.get(before.id))?.value,
  };
}

async function codeOf(refused: Promise<unknown>): Promise<string> {
  return refused.then(
    () => 'nothing was thrown',
    (thrown: unknown) => (thrown instanceof GatewayError ? thrown.code : String(thrown)),
  );
}

describe('the end of a sign-in', () => {
  it('keeps the tokens before the row, and neither before the person is known', async () => {
    const { connect, confirm, journal, read, secrets } = createSignIn();
    await confirm(await connect());
    expect(journal).toEqual(['set GRANT', 'replace acc_ada']);
    const connected = await read();
    expect(connected).toMatchObject({ state: 'connected', identity: ada, connectedAt: started.toISOString() });
    expect(secrets.get(connected?.tokenSecret ?? '')).toBe('tokens');
  });

  it('comes in time for 15 minutes', async () => {
    const late = createSignIn();
    const state = await late.connect();
    late.later(15 * 60_000);
    expect(await codeOf(late.confirm(state))).toBe('consent-unknown');
    expect(late.asked).toEqual([]);

    const inTime = createSignIn();
    const other = await inTime.connect();
    inTime.later(15 * 60_000 - 1);
    await expect(inTime.confirm(other)).resolves.toMatchObject({ state: 'connected' });
  });

  it('redeems the code with what was kept for this state', async () => {
    const { connect, confirm, consents, asked } = createSignIn();
    const state = await connect();
    const [kept] = await consents.list();
    await confirm(state);
    expect(asked).toEqual([
      {
        redirectUri: 'https://postern.example/microsoft_outlook/confirm',
        code: 'code',
        nonce: kept?.value.nonce,
        codeVerifier: kept?.value.codeVerifier,
      },
    ]);
    expect(JSON.stringify(kept)).not.toContain(state);
  });

  it('is saved although a worker changed the row meanwhile', async () => {
    const before: Account = { ...account, state: 'connected', identity: ada, tokenSecret: 'former' };
    const { connect, confirm, meanwhile, accounts, journal, read } = createSignIn({ before });
    const cause = { code: 'reauth-required', detail: 'died', actor: 'mailbox owner', at: '' } as const;
    meanwhile(async () => {
      const stored = await accounts.get(before.id);
      await accounts.replace(before.id, { ...before, state: 'reauth-required', cause }, stored?.etag ?? '');
    });
    await confirm(await connect());
    expect(await read()).toMatchObject({ state: 'connected', identity: ada });
    expect(await read()).not.toHaveProperty('cause');
    expect(journal.slice(-3)).toEqual(['set GRANT', 'replace acc_ada', 'forget former']);
  });

  it('leaves nothing behind when the account was removed meanwhile', async () => {
    const { connect, confirm, meanwhile, accounts, secrets, journal, read } = createSignIn();
    const state = await connect();
    meanwhile(async () => accounts.remove(account.id, (await accounts.get(account.id))?.etag ?? ''));
    expect(await codeOf(confirm(state))).toBe('not-found');
    expect(journal).toEqual(['remove acc_ada', 'set GRANT', 'forget GRANT']);
    expect(secrets.size).toBe(0);
    expect(await read()).toBeUndefined();
  });

  it.each([
    ['the same person under a new address', { ...ada, address: 'ada.lovelace@contoso.example' }, 'nothing was thrown'],
    ['a new person under the same address', { ...ada, objectId: 'another' }, 'wrong-account'],
    ['a namesake of another tenant', { ...ada, tenantId: 'fabrikam' }, 'wrong-account'],
  ])('knows a person by object and tenant id: %s', async (_name, identity, code) => {
    const before: Account = { ...account, state: 'connected', identity: ada, tokenSecret: 'former' };
    const { connect, confirm, journal } = createSignIn({ before, identity });
    expect(await codeOf(confirm(await connect()))).toBe(code);
    if (code !== 'nothing was thrown') expect(journal).toEqual([]);
  });

  it('clears away sign-ins that were never finished', async () => {
    const { connect, consents, later } = createSignIn();
    await connect();
    later(60_000);
    await connect();
    later(15 * 60_000);
    await connect();
    const left = (await consents.list()).map(({ value }) => value.expiresAt).sort();
    expect(left).toEqual(['2026-11-23T12:16:00.000Z', '2026-11-23T12:30:00.000Z']);
  });
});
