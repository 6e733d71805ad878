import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toGatewayError } from '../../functions/shared/errors.ts';
import { startInstances } from './instances-for-test.ts';

const hour = 3_600_000;
const day = 24 * hour;

// Only the date: the dev Entra, the dev vault and the adapter talk over real connections.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (time: number): void => void vi.setSystemTime(Date.now() + time);

describe('an account in use by two instances', () => {
  it('makes at most 31 versions in 31 days, and its newest token is never lost', { timeout: 60_000 }, async () => {
    const { consent, newInstance, token, versions, microsoft365, read } = await startInstances();
    await consent();
    const instances = [newInstance(), newInstance()];
    for (let at = 0; at < 31 * day; at += 6 * hour) {
      await Promise.all(instances.map(token));
      pass(6 * hour);
    }
    expect(microsoft365.sessions.tokenRequests).toBeGreaterThan(240);
    expect(await versions()).toBeLessThanOrEqual(31);
    expect(await versions()).toBeGreaterThan(28);

    for (let days = 31; days < 100; days++) {
      await Promise.all(instances.map(token));
      pass(day);
    }
    expect(await token(newInstance())).toBeTruthy();
    expect(await read()).toMatchObject({ state: 'connected' });
  });

  it('is refreshed by both at once, and the vault ends with a working token', async () => {
    const { consent, newInstance, token, versions } = await startInstances();
    await consent();
    const [one, other] = [newInstance(), newInstance()];
    await Promise.all([token(one), token(other)]);
    pass(25 * hour);
    const [first, second] = await Promise.all([token(one), token(other)]);
    expect(first).not.toBe(second);
    expect(await versions()).toBe(2);
    pass(89 * day);
    expect(await token(newInstance())).toBeTruthy();
  });

  it('works in one that slept for 90 days while the other was awake', async () => {
    const { consent, newInstance, token, microsoft365 } = await startInstances();
    await consent();
    const [awake, asleep] = [newInstance(), newInstance()];
    pass(2 * hour);
    await token(asleep);
    for (let days = 0; days < 95; days += 5) {
      pass(5 * day);
      await token(awake);
    }
    pass(2 * hour);
    const { tokenRequests } = microsoft365.sessions;
    expect(await token(asleep)).toBeTruthy();
    // With its own, which was refused, and with the vault's.
    expect(microsoft365.sessions.tokenRequests).toBe(tokenRequests + 2);
  });
});

describe('an account that nobody uses', () => {
  it('dies after 90 days, where nobody looks after it', async () => {
    const { consent, newInstance, token } = await startInstances();
    await consent();
    pass(91 * day);
    const error = toGatewayError(await token(newInstance()).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: 'reauth-required', data: { upstream: { aadsts: '700082' } } });
    expect(error.data.remedy).toContain('POST /v1/accounts/acc_aaaaaaaaaa/connect');
  });

  it('lives on by the sweep, at the price of one list', async () => {
    const { consent, newInstance, token, sweep, versions, vault, microsoft365, asked, read } = await startInstances();
    await consent();
    const instance = newInstance();
    for (let days = 0; days < 200; days++) {
      pass(day);
      await sweep(instance);
    }
    expect(await read()).toMatchObject({ state: 'connected' });
    expect(await versions()).toBeLessThanOrEqual(1 + Math.ceil(200 / 7));
    expect(microsoft365.sessions.tokenRequests).toBeLessThanOrEqual(1 + Math.ceil(200 / 7));

    const before = { reads: vault.reads(), writes: vault.writes(), tokens: microsoft365.sessions.tokenRequests };
    await sweep(instance);
    asked.length = 0;
    await sweep(instance);
    expect(asked).toEqual(['list']);
    const after = { reads: vault.reads(), writes: vault.writes(), tokens: microsoft365.sessions.tokenRequests };
    expect(after).toEqual(before);
    expect(await token(newInstance())).toBeTruthy();
  });
});
