import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tellAccountEvents } from '../../functions/accounts/account-events.ts';
import { markReauthRequired } from '../../functions/accounts/mark-reauth-required.ts';
import type { MailboxTokens } from '../../functions/accounts/sign-in.ts';
import { logIn } from '../../functions/servers/log-in.ts';
import { GatewayError, toGatewayError } from '../../functions/shared/errors.ts';
import { silentCall, startInstances } from './instances-for-test.ts';

const minute = 60_000;
const hour = 60 * minute;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (time: number): void => void vi.setSystemTime(Date.now() + time);

async function startConnected() {
  const instances = await startInstances();
  const { accounts, listener, read, consent } = instances;
  const { id } = await consent();
  await tellAccountEvents(silentCall, id, { accounts, ...listener });
  const heldSecrets = { get: () => Promise.resolve(undefined), getOther: () => Promise.resolve(undefined) };
  const server = { account: id, host: 'localhost', port: 993, encryption: 'tls' } as const;
  return {
    ...instances,
    id,
    types: () => listener.told().map(({ type }) => type),
    /** What a server's worker meets that logs in: the code, or `in`. */
    logIn: (tokens: MailboxTokens) =>
      logIn(silentCall, server, { accounts, tokens, heldSecrets, ...listener }, () => Promise.resolve('in')).catch(
        (thrown: unknown) => toGatewayError(thrown).code,
      ),
    reconsent: async () => {
      await consent();
      await tellAccountEvents(silentCall, id, { accounts, ...listener });
      return read();
    },
  };
}

describe('a grant that has died', () => {
  it('is told once, however many servers of however many instances meet it', async () => {
    const { microsoft365, newInstance, logIn: tryIt, types, read, listener, id, reconsent } = await startConnected();
    expect(types()).toEqual(['account.connected']);
    microsoft365.revoke('anna@contoso.test');
    pass(2 * hour);
    const instances = [newInstance(), newInstance(), newInstance()];
    const met = await Promise.all(instances.flatMap((one) => [tryIt(one), tryIt(one), tryIt(one), tryIt(one)]));
    expect(new Set(met)).toEqual(new Set(['reauth-required']));
    const marked = await read();
    expect(marked).toMatchObject({
      state: 'reauth-required',
      cause: { code: 'reauth-required', actor: 'mailbox owner' },
    });
    expect(marked.cause?.detail).toContain('AADSTS50173');
    expect(marked.untold).toBeUndefined();
    expect(types()).toEqual(['account.connected', 'account.reauth_required']);
    expect(listener.told()[1]?.data).toEqual({
      ...{ id, address: 'anna@contoso.test', state: 'reauth-required', cause: marked.cause },
      connectPath: `/v1/accounts/${id}/connect`,
    });

    const { tokenRequests } = microsoft365.sessions;
    expect(await tryIt(newInstance())).toBe('reauth-required');
    expect(microsoft365.sessions.tokenRequests).toBe(tokenRequests);

    pass(minute);
    expect(await reconsent()).toMatchObject({ id, state: 'connected' });
    expect(types()).toEqual(['account.connected', 'account.reauth_required', 'account.recovered']);
    expect(await tryIt(newInstance())).toBe('in');
  });

  it('is told by the sweep where whoever noted it could not', async () => {
    const { microsoft365, newInstance, logIn: tryIt, types, read, listener, sweep } = await startConnected();
    microsoft365.revoke('anna@contoso.test');
    pass(2 * hour);
    listener.isDown(true);
    expect(await tryIt(newInstance())).toBe('reauth-required');
    expect((await read()).untold).toHaveLength(1);
    listener.isDown(false);
    await sweep(newInstance());
    expect(types()).toEqual(['account.connected', 'account.reauth_required']);
    expect((await read()).untold).toBeUndefined();
  });

  it('does not take the next consent with it', async () => {
    const { newInstance, logIn: tryIt, types, consent, read, accounts, listener } = await startConnected();
    const died = await read();
    pass(minute);
    await consent();
    const before = await read();
    const error = new GatewayError('reauth-required', 'Said of the former grant.');
    await markReauthRequired(silentCall, died, error, { accounts, ...listener });
    expect(await read()).toEqual(before);
    expect(await tryIt(newInstance())).toBe('in');
    expect(types()).toEqual(['account.connected']);
  });
});

const owner = [
  ...[70000, 70008, 70043, 700082, 50074, 50076, 50078, 50079, 50089, 50132, 50133, 50173, 65001, 700020],
] as const;
const administrator = [
  ...[50020, 50034, 50057, 50105, 53000, 53001, 53003, 530003, 90094, 90095, 90099],
  ...[650052, 65005, 650056, 650057],
] as const;

describe('what Microsoft answers to a refresh', () => {
  it('is the app’s own fault, or passes, and leaves the account as it is', async () => {
    const { microsoft365, newInstance, logIn: tryIt, types, read } = await startConnected();
    const { tokenSecret } = await read();
    const faults = [
      [7000215, 'app-credential-refused'],
      [7000222, 'app-credential-refused'],
      [7000218, 'app-credential-refused'],
      [700027, 'app-credential-refused'],
      [90002, 'app-credential-refused'],
      [70001, 'app-credential-refused'],
      [700011, 'app-credential-refused'],
      [700016, 'app-credential-refused'],
      [7000112, 'app-credential-refused'],
      [90033, 'sign-in-unavailable'],
      [90055, 'sign-in-unavailable'],
      [50196, 'sign-in-unavailable'],
    ] as const;
    for (const [aadsts, code] of faults) {
      pass(2 * hour);
      microsoft365.faults.token.push({ aadsts, times: 2 });
      expect(await tryIt(newInstance()), `AADSTS${aadsts}`).toBe(code);
      expect(await read()).toMatchObject({ state: 'connected', tokenSecret });
      microsoft365.faults.token.length = 0;
      expect(await tryIt(newInstance())).toBe('in');
    }
    expect(types()).toEqual(['account.connected']);
  });

  it.each([
    ['the owner', owner, 'reauth-required', 'mailbox owner', 'Connect the account again'],
    ['the administrator', administrator, 'sign-in-blocked', 'tenant admin', 'It is tried again every hour'],
  ] as const)('needs %s', async (_who, numbers, code, actor, remedy) => {
    const { microsoft365, newInstance, logIn: tryIt, read, reconsent, id } = await startConnected();
    for (const aadsts of numbers) {
      pass(2 * hour);
      microsoft365.faults.token.push({ aadsts });
      expect(await tryIt(newInstance()), `AADSTS${aadsts}`).toBe(code);
      const { state, cause } = await read();
      expect({ state, cause }).toMatchObject({ state: 'reauth-required', cause: { code, actor } });
      expect(cause?.detail).toContain(`(AADSTS${aadsts})`);
      expect(cause?.remedy).toContain(remedy);
      expect(cause?.remedy).toContain(`POST /v1/accounts/${id}/connect`);
      expect(await reconsent()).toMatchObject({ state: 'connected' });
    }
  });
});

describe('a sign-in that an administrator has blocked', () => {
  it('is tried every hour, and the account recovers when the block is lifted', async () => {
    const { microsoft365, newInstance, logIn: tryIt, sweep, types, read, id } = await startConnected();
    const instance = newInstance();
    pass(2 * hour);
    microsoft365.faults.token.push({ aadsts: 53003, times: 2 });
    expect(await tryIt(instance)).toBe('sign-in-blocked');
    const { tokenRequests } = microsoft365.sessions;
    pass(59 * minute);
    await sweep(instance);
    expect(microsoft365.sessions.tokenRequests).toBe(tokenRequests);
    pass(minute);
    await Promise.all([sweep(instance), sweep(newInstance())]);
    expect(microsoft365.sessions.tokenRequests).toBe(tokenRequests + 1);
    expect(await read()).toMatchObject({ state: 'reauth-required', cause: { code: 'sign-in-blocked' } });
    pass(hour);
    await sweep(instance);
    expect(await read()).toMatchObject({ id, state: 'connected' });
    expect((await read()).cause).toBeUndefined();
    expect(types()).toEqual(['account.connected', 'account.reauth_required', 'account.recovered']);
    expect(await tryIt(newInstance())).toBe('in');
  });

  it('is not tried any more when the grant has died of it', async () => {
    const { microsoft365, newInstance, logIn: tryIt, sweep, types, read } = await startConnected();
    pass(2 * hour);
    microsoft365.faults.token.push({ aadsts: 50057 });
    expect(await tryIt(newInstance())).toBe('sign-in-blocked');
    microsoft365.revoke('anna@contoso.test');
    pass(hour);
    await sweep(newInstance());
    expect(await read()).toMatchObject({ state: 'reauth-required', cause: { code: 'reauth-required' } });
    const { tokenRequests } = microsoft365.sessions;
    pass(2 * hour);
    await sweep(newInstance());
    expect(microsoft365.sessions.tokenRequests).toBe(tokenRequests);
    expect(types()).toEqual(['account.connected', 'account.reauth_required']);
  });
});
