import { describe, expect, it } from 'vitest';
import { createHealthCheck } from '../../functions/health/check-health.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { createMemoryCollection } from '../accounts/memory-collection.ts';

const start = new Date('2026-11-23T12:00:00Z').getTime();
const at = (milliseconds: number): Date => new Date(start + milliseconds);
const patient = (): AbortSignal => new AbortController().signal;

/** A vault and tables, of which the vault does what it is told. */
function createParts(vault: () => Promise<undefined>) {
  let asked = 0;
  const secrets = {
    get: () => {
      asked += 1;
      return vault();
    },
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
  return { parts: () => ({ app: createMemoryCollection(), secrets }), asked: () => asked };
}

describe('the health check', () => {
  it('asks the parts once in five seconds, however many want to know', async () => {
    const { parts, asked } = createParts(() => Promise.resolve(undefined));
    const check = createHealthCheck(parts, patient);
    const answers = await Promise.all([0, 1, 4_999].map((milliseconds) => check(at(milliseconds))));
    expect(answers).toEqual([[], [], []]);
    expect(asked()).toBe(1);
    await check(at(5_000));
    expect(asked()).toBe(2);
  });

  it('finds a part well again', async () => {
    const failure = new GatewayError('secrets-unavailable', 'The key vault did not give a secret.');
    const answers = [Promise.reject(failure), Promise.resolve(undefined)];
    const { parts } = createParts(() => answers.shift() ?? Promise.resolve(undefined));
    const check = createHealthCheck(parts, patient);
    expect(await check(at(0))).toEqual([{ name: 'secrets', detail: 'The key vault did not give a secret.' }]);
    expect(await check(at(5_000))).toEqual([]);
  });

  it('does not wait longer than its patience lasts', async () => {
    const { parts } = createParts(() => new Promise(() => undefined));
    const patience = new AbortController();
    const checked = createHealthCheck(parts, () => patience.signal)(at(0));
    await new Promise((resolve) => setImmediate(resolve));
    patience.abort();
    expect(await checked).toEqual([{ name: 'secrets', detail: 'does not answer' }]);
  });

  it('tells nothing of an error it does not know', async () => {
    const { parts } = createParts(() => Promise.reject(new Error('canary at 10.0.0.4')));
    const [failing] = await createHealthCheck(parts, patient)(at(0));
    expect(failing?.name).toBe('secrets');
    expect(failing?.detail).not.toContain('canary');
  });
});
