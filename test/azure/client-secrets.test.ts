import type { INetworkModule } from '@azure/msal-node';
import { expect, it } from 'vitest';
import { createClientSecrets } from '../../functions/azure/client-secrets.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { SecretStore } from '../../functions/shared/secret-store.ts';

/** Two secrets in a vault, and a Microsoft that answers by what is sent; `sent` has what was. */
async function start(
  answers: Record<string, number | undefined>,
  vault = { new: 'N', old: 'O' } as Record<string, string>,
) {
  const reads: string[] = [];
  const sent: string[] = [];
  const store = {
    get: (name: string) => {
      reads.push(name);
      const value = vault[name];
      return Promise.resolve(value === undefined ? undefined : { secret: new Secret(value), setAt: new Date(0) });
    },
  } as SecretStore;
  const network = {
    sendPostRequestAsync: (_url: string, { body = '' }: { body?: string } = {}) => {
      const form = new URLSearchParams(body);
      expect(form.get('code')).toBe('a+b');
      const secret = form.get('client_secret') ?? '';
      sent.push(secret);
      const code = answers[secret];
      const refusal = { error: 'invalid_client', error_codes: [code] };
      return Promise.resolve({ headers: {}, status: code === undefined ? 200 : 401, body: code ? refusal : {} });
    },
  } as unknown as INetworkModule;
  const read = createClientSecrets(store);
  const app = {
    ...{ clientId: 'client', tenant: 'common' },
    clientSecrets: ['new', 'old'].map((name) => ({ name, setAt: '2026-11-22T00:00:00Z' })),
  };
  const { clientSecret, over } = await read(app);
  const tried = over(network);
  const ask = async () =>
    (await tried.sendPostRequestAsync('https://login', { body: `code=a%2Bb&client_secret=${clientSecret}` })).status;
  return { ask, again: () => read(app), sent, reads };
}

it.each([
  ['both are good', {}, ['N', 'N'], 200],
  ['the new one is wrong', { N: 7000215 }, ['N', 'O', 'O'], 200],
  ['the new one has ended', { N: 7000222 }, ['N', 'O', 'O'], 200],
  ['neither is good', { N: 7000215, O: 7000222 }, ['N', 'O', 'N', 'O'], 401],
  ['something else is wrong', { N: 700016 }, ['N', 'N'], 401],
])('where %s', async (_what, answers, expected, status) => {
  const { ask, sent } = await start(answers);
  expect([await ask(), await ask()]).toEqual([status, status]);
  expect(sent).toEqual(expected);
});

it('goes back when the one that was taken ends', async () => {
  const answers: Record<string, number | undefined> = { N: 7000215 };
  const { ask, sent } = await start(answers);
  await ask();
  Object.assign(answers, { N: undefined, O: 7000222 });
  expect(await ask()).toBe(200);
  expect(sent).toEqual(['N', 'O', 'O', 'N']);
});

it('reads each from the vault once', async () => {
  const { again, reads } = await start({});
  await again();
  expect(reads).toEqual(['new', 'old']);
});

it('goes on with the one the vault has, and says when it has none', async () => {
  const { ask, sent } = await start({}, { old: 'O' });
  expect(await ask()).toBe(200);
  expect(sent).toEqual(['O']);
  await expect(start({}, {})).rejects.toMatchObject({ code: 'app-credential-refused' });
});
