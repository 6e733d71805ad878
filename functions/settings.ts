import * as z from 'zod';
import type { AppDeployment } from './accounts/app-deployment.ts';
import { credentialKinds } from './accounts/app-registration.ts';
import { cloudNames, clouds } from './accounts/clouds.ts';
import { GatewayError, type FieldError } from './shared/errors.ts';

/** An address that a path is put behind; without the slash at its end. */
const urlOf = (protocol: RegExp, error: string) =>
  z
    .url({ protocol, error, abort: true })
    .refine((text) => !/[?#@]/.test(text), 'must have neither user information nor a query')
    .transform((text) => text.replace(/\/+$/, ''));
const url = urlOf(/^https?$/, 'must be an http or https URL');
const httpsUrl = urlOf(/^https$/, 'must be an https URL');

const server = z
  .string()
  .regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }))
  .refine(({ port }) => port > 0 && port < 65_536, 'must have a port between 1 and 65535');

const networks = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine(
    (parts) => parts.every((part) => z.cidrv4().safeParse(part).success || z.cidrv6().safeParse(part).success),
    'must be networks such as 10.0.0.0/8, separated by commas',
  );

const days = z
  .string()
  .regex(/^\d+$/, 'must be a whole number')
  .transform(Number)
  .refine((number) => number >= 1 && number <= 3650, 'must be between 1 and 3650');

/**
 * What we are told: every setting Postern reads, each with what it is for. `local.settings.example.json` and
 * `docs/OPERATIONS.md` list the same names; a test compares them.
 */
export const settingsSchema = z.object({
  AzureWebJobsStorage: z
    .string()
    .min(1)
    .optional()
    .describe('Connection string of the storage account; on a laptop only.'),
  AzureWebJobsStorage__tableServiceUri: url
    .optional()
    .describe('Table endpoint of the storage account, reached by identity.'),
  AzureWebJobsStorage__blobServiceUri: url
    .optional()
    .describe('Blob endpoint of the storage account, reached by identity.'),
  AzureWebJobsStorage__queueServiceUri: url
    .optional()
    .describe('Queue endpoint of the storage account, reached by identity.'),
  AzureWebJobsStorage__clientId: z.string().optional().describe('Client id of the user-assigned managed identity.'),
  KEY_VAULT_URL: httpsUrl.describe('The key vault that keeps credentials, tokens and signing secrets.'),
  PUBLIC_URL: url.optional().describe('Where browsers reach Postern; left out: https and WEBSITE_HOSTNAME.'),
  WEBSITE_HOSTNAME: z.string().optional().describe('The host name, set by Azure Functions.'),
  MICROSOFT_CLOUD: z
    .enum(cloudNames, `must be one of ${cloudNames.join(', ')}`)
    .default('global')
    .describe('The cloud the mailboxes are in: global (with GCC), gcc-high, dod or china.'),
  MICROSOFT_CLIENT_ID: z.guid('must be a GUID').optional().describe('Client id of the app registration.'),
  MICROSOFT_TENANT_ID: z
    .union([z.enum(['common', 'organizations', 'consumers']), z.guid()], {
      error: 'must be common, organizations, consumers or a tenant ID',
    })
    .optional()
    .describe('Who can sign in: common, organizations, consumers or a tenant id.'),
  MICROSOFT_CREDENTIAL: z
    .enum(credentialKinds, `must be one of ${credentialKinds.join(', ')}`)
    .default('client-secret')
    .describe('What the app registration proves itself with: client-secret, certificate or managed-identity.'),
  MICROSOFT_CERTIFICATE: z
    .string()
    .regex(/^[0-9A-Za-z-]{1,127}$/, 'must be the name of a certificate in the key vault')
    .optional()
    .describe('Name of the certificate in the key vault.'),
  MICROSOFT_LOGIN_URL: httpsUrl.optional().describe('The Microsoft sign-in authority, without a tenant.'),
  OUTLOOK_SMTP_SERVER: server.optional().describe('host:port a new outgoing server starts with.'),
  OUTLOOK_IMAP_SERVER: server.optional().describe('host:port a new incoming server starts with.'),
  WEBHOOK_PRIVATE_NETWORKS: networks
    .default([])
    .describe('Private networks (CIDR, separated by commas) that webhooks may reach; none by default.'),
  HISTORY_DAYS: days
    .optional()
    .describe('Days after which finished messages and deliveries are forgotten; left out: never.'),
});

const storageUrls = [
  'AzureWebJobsStorage__tableServiceUri',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
] as const;

/** Settings that only make sense with another. */
const companions = [
  ['MICROSOFT_CLIENT_ID', 'MICROSOFT_TENANT_ID'],
  ['MICROSOFT_TENANT_ID', 'MICROSOFT_CLIENT_ID'],
] as const;

/** Settings that others make necessary. Looked at apart from the schema, which stops at the first kind of error. */
function missingOthers(present: Readonly<Record<string, string | undefined>>): FieldError[] {
  const noStorage = present['AzureWebJobsStorage'] === undefined;
  const noUrl = present['PUBLIC_URL'] === undefined && present['WEBSITE_HOSTNAME'] === undefined;
  return [
    ...storageUrls
      .filter((name) => noStorage && present[name] === undefined)
      .map((pointer) => ({ pointer, detail: 'is missing (and so is AzureWebJobsStorage)' })),
    ...(noUrl ? [{ pointer: 'PUBLIC_URL', detail: 'is missing (and so is WEBSITE_HOSTNAME)' }] : []),
    ...companions
      .filter(([name, companion]) => present[name] !== undefined && present[companion] === undefined)
      .map(([name, pointer]) => ({ pointer, detail: `is missing (it goes with ${name})` })),
    ...(present['MICROSOFT_CREDENTIAL'] === 'certificate' && present['MICROSOFT_CERTIFICATE'] === undefined
      ? [{ pointer: 'MICROSOFT_CERTIFICATE', detail: 'is missing (it goes with MICROSOFT_CREDENTIAL = certificate)' }]
      : []),
  ];
}

type Read = z.output<typeof settingsSchema>;

export interface Settings {
  readonly storage:
    | { readonly connectionString: string }
    | { readonly tables: string; readonly blobs: string; readonly queues: string };
  readonly identityClientId?: string;
  readonly keyVaultUrl: string;
  readonly publicUrl: string;
  readonly app: AppDeployment;
  readonly loginUrl: string;
  readonly smtpServer: { readonly host: string; readonly port: number };
  readonly imapServer: { readonly host: string; readonly port: number };
  readonly webhookPrivateNetworks: readonly string[];
  readonly historyDays?: number;
}

/**
 * Reads the settings out of an environment.
 * @throws GatewayError `settings-invalid` with one entry per setting that is missing or wrong, by name, never by value
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settingsSchema.safeParse(present);
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const pointer = String(issue.path[0]);
    return { pointer, detail: pointer in present ? issue.message : 'is missing' };
  });
  const errors = [...wrong, ...missingOthers(present)];
  if (parsed.error !== undefined || errors.length > 0) {
    throw new GatewayError(
      'settings-invalid',
      `Settings are missing or wrong: ${errors.map(({ pointer }) => pointer).join(', ')}.`,
      {
        data: {
          errors,
          remedy: 'Set them as docs/OPERATIONS.md describes; local.settings.example.json shows all of them.',
        },
      },
    );
  }
  return toSettings(parsed.data);
}

function toSettings(read: Read): Settings {
  const cloud = clouds[read.MICROSOFT_CLOUD];
  return {
    storage:
      read.AzureWebJobsStorage === undefined
        ? {
            tables: read.AzureWebJobsStorage__tableServiceUri ?? '',
            blobs: read.AzureWebJobsStorage__blobServiceUri ?? '',
            queues: read.AzureWebJobsStorage__queueServiceUri ?? '',
          }
        : { connectionString: read.AzureWebJobsStorage },
    ...(read.AzureWebJobsStorage__clientId !== undefined && { identityClientId: read.AzureWebJobsStorage__clientId }),
    keyVaultUrl: read.KEY_VAULT_URL,
    publicUrl: read.PUBLIC_URL ?? `https://${read.WEBSITE_HOSTNAME ?? ''}`,
    app: toAppDeployment(read),
    loginUrl: read.MICROSOFT_LOGIN_URL ?? cloud.loginUrl,
    smtpServer: read.OUTLOOK_SMTP_SERVER ?? cloud.smtpServer,
    imapServer: read.OUTLOOK_IMAP_SERVER ?? cloud.imapServer,
    webhookPrivateNetworks: read.WEBHOOK_PRIVATE_NETWORKS,
    ...(read.HISTORY_DAYS !== undefined && { historyDays: read.HISTORY_DAYS }),
  };
}

function toAppDeployment(read: Read): AppDeployment {
  const { MICROSOFT_CLIENT_ID: clientId, MICROSOFT_TENANT_ID: tenant, MICROSOFT_CREDENTIAL: kind } = read;
  return {
    cloud: read.MICROSOFT_CLOUD,
    credential: kind === 'certificate' ? { kind, name: read.MICROSOFT_CERTIFICATE ?? '' } : { kind },
    ...(clientId !== undefined && tenant !== undefined && { application: { clientId, tenant } }),
  };
}

let settings: Settings | undefined;

/**
 * The settings of this process, parsed at first use: an exception at import would stop every function, one that only
 * answers 503 with the names of what is missing can be read by the person who has to mend it.
 */
export function getSettings(): Settings {
  settings ??= parseSettings(process.env);
  return settings;
}
