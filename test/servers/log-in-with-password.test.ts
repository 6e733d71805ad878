import { expect, test } from 'vitest';
import { logInWithPassword } from '../../functions/servers/log-in-with-password.ts';
import type { MailLogin } from '../../functions/servers/mail-login.ts';
import { holdSecrets } from '../../functions/azure/hold-secrets.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';
import { mailCall } from '../mail/mail-call.ts';

const server = {
  ...{ id: 'inc_aaaaaaaaaa', host: 'imap.shop.example', port: 993, encryption: 'tls' as const },
  ...{ username: 'shop', passwordSecret: 'password-1' },
};

/** A vault with one password, and a mail server that takes one. */
function setUp(kept: string | undefined, taken: string) {
  const it = { kept, taken, reads: 0, tried: [] as string[] };
  const passwords = holdSecrets({
    get(name) {
      expect(name).toBe('password-1');
      it.reads++;
      return Promise.resolve(it.kept === undefined ? undefined : { secret: new Secret(it.kept), setAt: new Date() });
    },
    set: () => Promise.reject(new Error('Nobody sets it.')),
    remove: () => Promise.reject(new Error('Nobody removes it.')),
  });
  const open = ({ user, proof }: MailLogin): Promise<string> => {
    it.tried.push(proof.secret.reveal());
    if (proof.secret.reveal() === it.taken) return Promise.resolve(user);
    return Promise.reject(new GatewayError('mail-login-refused', 'No.'));
  };
  return Object.assign(it, { logIn: () => logInWithPassword(mailCall(), server, passwords, open) });
}

test('the vault is asked once while the password is good', async () => {
  const vault = setUp('good', 'good');
  for (let n = 0; n < 3; n++) expect(await vault.logIn()).toBe('shop');
  expect(vault.reads).toBe(1);
});

test('a refused password is tried again only when the vault has another by now', async () => {
  const vault = setUp('old', 'old');
  await vault.logIn();
  vault.taken = 'new';
  const refusal = {
    code: 'mail-login-refused',
    data: { remedy: expect.stringContaining('/incoming-servers/inc_aaaaaaaaaa') as string },
  };
  await expect(vault.logIn()).rejects.toMatchObject(refusal);
  expect(vault.tried).toEqual(['old', 'old']);
  vault.kept = 'new';
  expect(await vault.logIn()).toBe('shop');
  expect(vault.tried.slice(2)).toEqual(['old', 'new']);
  // From then on it is the one that is held.
  expect(await vault.logIn()).toBe('shop');
  expect(vault.reads).toBe(3);
});

test('two passwords in a row are given up, and so is one that is not in the vault', async () => {
  const vault = setUp('old', 'old');
  await vault.logIn();
  Object.assign(vault, { kept: 'wrong', taken: 'right' });
  await expect(vault.logIn()).rejects.toMatchObject({ code: 'mail-login-refused' });
  expect(vault.tried).toEqual(['old', 'old', 'wrong']);
  await expect(setUp(undefined, 'x').logIn()).rejects.toMatchObject({
    code: 'mail-login-refused',
    message: expect.stringContaining('not in the key vault') as string,
  });
});
