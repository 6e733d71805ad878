import { once } from 'node:events';
import { readFile, readdir, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { all, certificate, credentialOf, newFolder, startVaultUnderTest, tenantId } from './vault-under-test.ts';

const soon = { intervalInMs: 10 };

test('a secret is set and read, its latest version and each one before', async () => {
  const vault = await startVaultUnderTest();
  const first = await vault.client.setSecret('mailbox', 'one', { contentType: 'text/plain', tags: { kind: 'token' } });
  const second = await vault.client.setSecret('mailbox', 'two', { expiresOn: new Date(2_000_000_000_000) });

  expect(first.properties).toMatchObject({ enabled: true, contentType: 'text/plain', tags: { kind: 'token' } });
  expect(first.properties).toMatchObject({ recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 });
  expect(await vault.client.getSecret('mailbox')).toMatchObject({ name: 'mailbox', value: 'two' });
  expect((await vault.client.getSecret('MAILBOX')).properties).toMatchObject({
    version: second.properties.version,
    expiresOn: new Date(2_000_000_000_000),
  });
  const version = first.properties.version ?? '';
  expect(await vault.client.getSecret('mailbox', { version })).toMatchObject({ value: 'one' });
  expect([vault.reads(), vault.writes(), vault.versions('mailbox'), vault.versions('other')]).toEqual([3, 2, 2, 0]);
});

test('what does not exist is not found', async () => {
  const { client } = await startVaultUnderTest();
  const notFound = { statusCode: 404, code: 'SecretNotFound' };
  await expect(client.getSecret('nobody')).rejects.toMatchObject(notFound);
  await expect(client.getDeletedSecret('nobody')).rejects.toMatchObject(notFound);
  await client.setSecret('somebody', 'x');
  await expect(client.getSecret('somebody', { version: '0'.repeat(32) })).rejects.toMatchObject(notFound);
});

test('secrets and versions are listed in pages of 25 at most, without values', async () => {
  const { client } = await startVaultUnderTest();
  const names = Array.from({ length: 27 }, (_, n) => `secret-${String(n).padStart(2, '0')}`);
  for (const name of names) await client.setSecret(name, 'x');
  for (let n = 0; n < 26; n++) await client.setSecret('secret-00', `${n}`);

  const pages = await all(client.listPropertiesOfSecrets().byPage());
  expect(pages.map(({ length }) => length)).toEqual([25, 2]);
  expect(pages.flat().map(({ name }) => name)).toEqual(names);
  expect(pages.flat().every((item) => item.version === undefined && !('value' in item))).toBe(true);

  const versions = await all(client.listPropertiesOfSecretVersions('secret-00'));
  expect(new Set(versions.map(({ version }) => version)).size).toBe(27);
  const [one] = await all(client.listPropertiesOfSecrets().byPage({ maxPageSize: 1 }));
  expect(one).toHaveLength(1);
});

test('a disabled version cannot be read until it is enabled again', async () => {
  const { client } = await startVaultUnderTest();
  const { properties } = await client.setSecret('mailbox', 'x', { tags: { kept: 'yes' } });
  const version = properties.version ?? '';
  await client.updateSecretProperties('mailbox', version, { enabled: false, contentType: 'changed' });

  await expect(client.getSecret('mailbox')).rejects.toMatchObject({
    statusCode: 403,
    code: 'Forbidden',
    details: { error: { innerError: { code: 'SecretDisabled' } } },
  });
  const changed = { enabled: false, contentType: 'changed', tags: { kept: 'yes' } };
  expect(await all(client.listPropertiesOfSecrets())).toMatchObject([changed]);
  await client.updateSecretProperties('mailbox', version, { enabled: true });
  expect(await client.getSecret('mailbox')).toMatchObject({ value: 'x' });
});

test('a deleted secret keeps its name taken until it is recovered or purged', async () => {
  const { client, versions } = await startVaultUnderTest();
  await client.setSecret('mailbox', 'x');
  const deleted = await (await client.beginDeleteSecret('mailbox', soon)).pollUntilDone();
  expect(deleted).toMatchObject({
    name: 'mailbox',
    properties: { recoveryId: expect.stringMatching(/deletedsecrets/) as unknown },
  });
  expect(deleted.deletedOn?.getTime()).toBeGreaterThan(Date.now() - 60_000);

  await expect(client.getSecret('mailbox')).rejects.toMatchObject({ code: 'SecretNotFound' });
  await expect(client.setSecret('mailbox', 'y')).rejects.toMatchObject({
    statusCode: 409,
    code: 'Conflict',
    details: { error: { innerError: { code: 'ObjectIsDeletedButRecoverable' } } },
  });
  expect(versions('mailbox')).toBe(0);
  expect(await all(client.listPropertiesOfSecrets())).toEqual([]);
  expect(await all(client.listDeletedSecrets())).toMatchObject([{ name: 'mailbox' }]);

  await (await client.beginRecoverDeletedSecret('mailbox', soon)).pollUntilDone();
  expect(await client.getSecret('mailbox')).toMatchObject({ value: 'x' });

  await (await client.beginDeleteSecret('mailbox', soon)).pollUntilDone();
  await client.purgeDeletedSecret('mailbox');
  await expect(client.getDeletedSecret('mailbox')).rejects.toMatchObject({ code: 'SecretNotFound' });
  await client.setSecret('mailbox', 'new');
  expect(versions('mailbox')).toBe(1);
});

test('while a deletion, recovery or purge is under way the name is neither here nor there', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { client } = await startVaultUnderTest({ settling: 5000 });
  const conflict = (code: string) => ({ statusCode: 409, details: { error: { innerError: { code } } } });
  await client.setSecret('mailbox', 'x');

  await client.beginDeleteSecret('mailbox', soon);
  await expect(client.setSecret('mailbox', 'y')).rejects.toMatchObject(conflict('ObjectIsBeingDeleted'));
  await expect(client.getDeletedSecret('mailbox')).rejects.toMatchObject({ statusCode: 404 });
  vi.advanceTimersByTime(5000);
  await client.getDeletedSecret('mailbox');

  await client.beginRecoverDeletedSecret('mailbox', soon);
  await expect(client.setSecret('mailbox', 'y')).rejects.toMatchObject(conflict('ObjectIsBeingRecovered'));
  await expect(client.getSecret('mailbox')).rejects.toMatchObject({ statusCode: 404 });
  vi.advanceTimersByTime(5000);
  await client.getSecret('mailbox');

  await client.beginDeleteSecret('mailbox', soon);
  vi.advanceTimersByTime(5000);
  await client.purgeDeletedSecret('mailbox');
  await expect(client.setSecret('mailbox', 'y')).rejects.toMatchObject(conflict('ObjectIsBeingDeleted'));
  vi.advanceTimersByTime(5000);
  await client.setSecret('mailbox', 'y');
});

test('names and values that Key Vault refuses are refused', async () => {
  const { client } = await startVaultUnderTest();
  const badParameter = { statusCode: 400, code: 'BadParameter' };
  await expect(client.setSecret('under_score', 'x')).rejects.toMatchObject(badParameter);
  await expect(client.getSecret('a'.repeat(128))).rejects.toMatchObject(badParameter);
  await expect(client.setSecret('mailbox', 'ü'.repeat(12_801))).rejects.toMatchObject(badParameter);
  await client.setSecret('a'.repeat(127), 'x'.repeat(25_600));
});

test('without a token or with a wrong one a caller is told where to get one, and nothing is stored', async () => {
  const { url, client, writes } = await startVaultUnderTest({}, credentialOf('wrong'));
  await expect(client.setSecret('mailbox', 'x')).rejects.toMatchObject({ statusCode: 401, code: 'Unauthorized' });
  expect(writes()).toBe(0);

  const [response] = (await once(get(`${url}/secrets?api-version=7.5`, { ca: certificate }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  expect(response.statusCode).toBe(401);
  expect(response.headers['www-authenticate']).toBe(
    `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`,
  );
});

test('with a folder everything is there after a restart, in a file for its owner alone', async () => {
  const folder = await newFolder();
  const before = await startVaultUnderTest({ folder });
  await before.client.setSecret('mailbox', 'one');
  await before.client.setSecret('mailbox', 'two', { tags: { kind: 'token' } });
  await before.client.setSecret('gone', 'x');
  await before.client.beginDeleteSecret('gone', soon);
  expect(await readdir(folder)).toEqual(['vault.json']);
  expect((await stat(join(folder, 'vault.json'))).mode & 0o777).toBe(0o600);
  const written = await readFile(join(folder, 'vault.json'), 'utf8');
  // What is on the disk now is all that a killed vault would leave.
  const { client, versions } = await startVaultUnderTest({ folder });

  expect(written).toContain('two');
  expect(await client.getSecret('mailbox')).toMatchObject({ value: 'two', properties: { tags: { kind: 'token' } } });
  expect(versions('mailbox')).toBe(2);
  await expect(client.setSecret('gone', 'y')).rejects.toMatchObject({ statusCode: 409 });
});
