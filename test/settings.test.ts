import { describe, expect, it } from 'vitest';
import { parseSettings } from '../functions/settings.ts';
import { GatewayError } from '../functions/shared/errors.ts';

const inAzure = {
  AzureWebJobsStorage__tableServiceUri: 'https://contoso.table.core.windows.net',
  AzureWebJobsStorage__blobServiceUri: 'https://contoso.blob.core.windows.net/',
  AzureWebJobsStorage__queueServiceUri: 'https://contoso.queue.core.windows.net',
  AzureWebJobsStorage__clientId: '2f1d3f3e-7a0c-4a6b-9b59-1d7d1c1f2a3b',
  KEY_VAULT_URL: 'https://contoso.vault.azure.net/',
  WEBSITE_HOSTNAME: 'contoso.azurewebsites.net',
};

const onLaptop = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  KEY_VAULT_URL: 'https://localhost:8443',
  PUBLIC_URL: 'http://localhost:7071',
};

/** What is refused, by name. */
function refusalOf(environment: Record<string, string | undefined>): { error: GatewayError; details: unknown } {
  try {
    parseSettings(environment);
  } catch (thrown) {
    const error = thrown as GatewayError;
    return { error, details: Object.fromEntries(error.data.errors?.map((each) => [each.pointer, each.detail]) ?? []) };
  }
  throw new Error('The settings were taken.');
}

describe('settings', () => {
  it('are read as Azure gives them, and what is left out has its default', () => {
    expect(parseSettings(inAzure)).toEqual({
      storage: {
        tables: 'https://contoso.table.core.windows.net',
        blobs: 'https://contoso.blob.core.windows.net',
        queues: 'https://contoso.queue.core.windows.net',
      },
      identityClientId: '2f1d3f3e-7a0c-4a6b-9b59-1d7d1c1f2a3b',
      keyVaultUrl: 'https://contoso.vault.azure.net',
      publicUrl: 'https://contoso.azurewebsites.net',
      app: { cloud: 'global', credential: { kind: 'client-secret' } },
      loginUrl: 'https://login.microsoftonline.com',
      smtpServer: { host: 'smtp.office365.com', port: 587 },
      imapServer: { host: 'outlook.office365.com', port: 993 },
      webhookPrivateNetworks: [],
    });
  });

  it('are read as a laptop gives them', () => {
    const settings = parseSettings({
      ...onLaptop,
      WEBSITE_HOSTNAME: 'localhost:7071',
      MICROSOFT_LOGIN_URL: 'https://localhost:9443/',
      OUTLOOK_SMTP_SERVER: 'localhost:2525',
      WEBHOOK_PRIVATE_NETWORKS: ' 127.0.0.0/8, ::1/128 ,',
      HISTORY_DAYS: '90',
    });
    expect(settings).toMatchObject({
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      publicUrl: 'http://localhost:7071',
      loginUrl: 'https://localhost:9443',
      smtpServer: { host: 'localhost', port: 2525 },
      webhookPrivateNetworks: ['127.0.0.0/8', '::1/128'],
      historyDays: 90,
    });
    expect(settings).not.toHaveProperty('identityClientId');
  });

  it('that are missing are all named at once', () => {
    const { error, details } = refusalOf({});
    expect(error.code).toBe('settings-invalid');
    expect(details).toEqual({
      KEY_VAULT_URL: 'is missing',
      AzureWebJobsStorage__tableServiceUri: 'is missing (and so is AzureWebJobsStorage)',
      AzureWebJobsStorage__blobServiceUri: 'is missing (and so is AzureWebJobsStorage)',
      AzureWebJobsStorage__queueServiceUri: 'is missing (and so is AzureWebJobsStorage)',
      PUBLIC_URL: 'is missing (and so is WEBSITE_HOSTNAME)',
    });
    for (const name of Object.keys(details as object)) expect(error.message).toContain(name);
  });

  it('that are empty are missing, as the portal leaves them', () => {
    expect(refusalOf({ ...onLaptop, KEY_VAULT_URL: '' }).details).toEqual({ KEY_VAULT_URL: 'is missing' });
    expect(parseSettings({ ...onLaptop, MICROSOFT_LOGIN_URL: '' }).loginUrl).toBe('https://login.microsoftonline.com');
  });

  it.each([
    ['global', 'login.microsoftonline.com', 'smtp.office365.com', 'outlook.office365.com'],
    ['gcc-high', 'login.microsoftonline.us', 'smtp.office365.us', 'outlook.office365.us'],
    ['dod', 'login.microsoftonline.us', 'outlook-dod.office365.us', 'outlook-dod.office365.us'],
    ['china', 'login.partner.microsoftonline.cn', 'smtp.partner.outlook.cn', 'partner.outlook.cn'],
  ])('of the cloud %s are known, and give way to those that are given', (MICROSOFT_CLOUD, login, smtp, imap) => {
    expect(parseSettings({ ...onLaptop, MICROSOFT_CLOUD })).toMatchObject({
      app: { cloud: MICROSOFT_CLOUD },
      loginUrl: `https://${login}`,
      smtpServer: { host: smtp, port: 587 },
      imapServer: { host: imap, port: 993 },
    });
    const given = { ...onLaptop, MICROSOFT_CLOUD, MICROSOFT_LOGIN_URL: 'https://login.example' };
    expect(parseSettings(given).loginUrl).toBe('https://login.example');
  });

  it('name the application and its credential', () => {
    const application = { clientId: '2f1d3f3e-7a0c-4a6b-9b59-1d7d1c1f2a3b', tenant: 'organizations' };
    const named = { MICROSOFT_CLIENT_ID: application.clientId, MICROSOFT_TENANT_ID: application.tenant };
    const certificate = { MICROSOFT_CREDENTIAL: 'certificate', MICROSOFT_CERTIFICATE: 'postern-app' };
    expect(parseSettings({ ...onLaptop, ...named, ...certificate }).app).toEqual({
      cloud: 'global',
      credential: { kind: 'certificate', name: 'postern-app' },
      application,
    });
    expect(parseSettings({ ...onLaptop, MICROSOFT_CREDENTIAL: 'managed-identity' }).app).toEqual({
      cloud: 'global',
      credential: { kind: 'managed-identity' },
    });
  });

  it.each([
    ['MICROSOFT_TENANT_ID', { MICROSOFT_CLIENT_ID: '2f1d3f3e-7a0c-4a6b-9b59-1d7d1c1f2a3b' }],
    ['MICROSOFT_CLIENT_ID', { MICROSOFT_TENANT_ID: 'common' }],
    ['MICROSOFT_CERTIFICATE', { MICROSOFT_CREDENTIAL: 'certificate' }],
  ])('without %s, which another makes necessary, are refused', (missing, given) => {
    const { details } = refusalOf({ ...onLaptop, ...given });
    expect(details).toEqual({
      [missing]: expect.stringContaining(`it goes with ${Object.keys(given)[0] ?? ''}`) as unknown,
    });
  });

  it('that are wrong are named together with those that are missing, and no value is shown', () => {
    const { error, details } = refusalOf({
      AzureWebJobsStorage__tableServiceUri: 'canary-table',
      AzureWebJobsStorage__queueServiceUri: 'https://canary-queue.example',
      KEY_VAULT_URL: 'http://canary-vault.example',
      PUBLIC_URL: 'https://canary:canary@example.com',
      MICROSOFT_CLOUD: 'canary',
      MICROSOFT_CREDENTIAL: 'canary',
      OUTLOOK_SMTP_SERVER: 'canary.example:99999',
      OUTLOOK_IMAP_SERVER: 'canary.example',
      WEBHOOK_PRIVATE_NETWORKS: '10.0.0.0/8,canary',
      HISTORY_DAYS: 'canary',
    });
    expect(details).toEqual({
      AzureWebJobsStorage__tableServiceUri: 'must be an http or https URL',
      AzureWebJobsStorage__blobServiceUri: 'is missing (and so is AzureWebJobsStorage)',
      KEY_VAULT_URL: 'must be an https URL',
      PUBLIC_URL: 'must have neither user information nor a query',
      MICROSOFT_CLOUD: 'must be one of global, gcc-high, dod, china',
      MICROSOFT_CREDENTIAL: 'must be one of client-secret, certificate, managed-identity',
      OUTLOOK_SMTP_SERVER: 'must have a port between 1 and 65535',
      OUTLOOK_IMAP_SERVER: 'must be host:port',
      WEBHOOK_PRIVATE_NETWORKS: 'must be networks such as 10.0.0.0/8, separated by commas',
      HISTORY_DAYS: 'must be a whole number',
    });
    expect(JSON.stringify([error.message, error.data, String(error.cause)])).not.toContain('canary');
  });

  it('of days are whole numbers, ten years at most', () => {
    const daysOf = (days: string) => parseSettings({ ...onLaptop, HISTORY_DAYS: days }).historyDays;
    expect([daysOf('1'), daysOf('3650'), daysOf('')]).toEqual([1, 3650, undefined]);
    for (const wrong of ['0', '3651', '1.5', '-1', '1e3', '99999'])
      expect(refusalOf({ ...onLaptop, HISTORY_DAYS: wrong }).details).toHaveProperty('HISTORY_DAYS');
  });
});
