import { expect, test } from 'vitest';
import { keepPassword } from '../../functions/servers/keep-password.ts';
import type { Authentication } from '../../functions/servers/authentication.ts';
import type { Stored } from '../../functions/shared/collection.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { mailCall } from '../mail/mail-call.ts';

const before = { id: 'out_aaaaaaaaaa', username: 'shop', passwordSecret: 'password-before' };

/** A row and a vault. `fail` comes before the row is written, or after that. */
function setUp() {
  const vault = new Map([['password-before', 'before']]);
  let row: Authentication = before;
  const secrets = {
    get: () => Promise.resolve(undefined),
    set: (name: string, secret: { reveal(): string }) => Promise.resolve(void vault.set(name, secret.reveal())),
    remove: (name: string) => Promise.resolve(void vault.delete(name)),
  };
  const servers = { get: () => Promise.resolve({ value: row, etag: '' }) };
  return {
    /** The password that the row names. */
    named: () => vault.get(row.passwordSecret ?? ''),
    vault,
    secrets,
    keep(fail?: 'before' | 'after', code: 'precondition-failed' | 'storage-unavailable' = 'precondition-failed') {
      const write = (passwordSecret: string): Promise<Stored<Authentication>> => {
        if (fail === 'before') return Promise.reject(new GatewayError(code, 'No.'));
        row = { ...before, passwordSecret };
        return fail === 'after'
          ? Promise.reject(new GatewayError(code, 'No.'))
          : Promise.resolve({ value: row, etag: '' });
      };
      return keepPassword(mailCall(), before, 'new', write, { servers, secrets });
    },
  };
}

test('the former password leaves the vault after the row names the new one', async () => {
  const kept = setUp();
  await kept.keep();
  expect(kept.named()).toBe('new');
  expect([...kept.vault.values()]).toEqual(['new']);
});

test('a row that was changed by somebody else keeps its password, and nothing is left behind', async () => {
  const kept = setUp();
  await expect(kept.keep('before')).rejects.toMatchObject({ code: 'precondition-failed' });
  expect(kept.named()).toBe('before');
  expect([...kept.vault.values()]).toEqual(['before']);
});

test.each([
  ['before', 'storage-unavailable', 'before'],
  ['after', 'storage-unavailable', 'new'],
  // The answer was lost, and the library's own second try found the row changed.
  ['after', 'precondition-failed', 'new'],
] as const)('whatever the row names is in the vault when storage fails %s with %s', async (fail, code, password) => {
  const kept = setUp();
  await expect(kept.keep(fail, code)).rejects.toMatchObject({ code });
  expect(kept.named()).toBe(password);
});

test('a former password that cannot be removed is no reason to fail', async () => {
  const kept = setUp();
  kept.secrets.remove = () => Promise.reject(new GatewayError('secrets-unavailable', 'No.'));
  await kept.keep();
  expect(kept.named()).toBe('new');
});
