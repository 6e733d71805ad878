import * as z from 'zod';
import type { Account } from '../../accounts/account.ts';
import { consolePathOf } from '../console-path.ts';
import { addressSchema, causeSchema } from './common-schemas.ts';

const aliasesSchema = z
  .array(addressSchema)
  .max(20)
  .describe('Further names under which the owner of the mailbox may sign in, where they differ from its address.');

export const accountBody = z
  .strictObject({
    address: addressSchema,
    aliases: aliasesSchema.optional(),
    kind: z.enum(['user', 'shared']).default('user'),
    delegate: addressSchema.optional().describe('Who signs in for a shared mailbox.'),
    access: z
      .enum(['delegated', 'application'])
      .default('delegated')
      .describe('application: nobody signs in, the application itself uses the mailbox (client credentials).'),
    tenantId: z
      .guid('must be the ID of a tenant')
      .optional()
      .describe('Where the application acts; left out: the tenant of the app registration.'),
  })
  .superRefine(({ kind, delegate, access, tenantId }, context) => {
    if (access === 'application') {
      if (delegate === undefined) return;
      context.addIssue({
        code: 'custom',
        path: ['delegate'],
        message: 'signs in, which nobody does for an application',
      });
      return;
    }
    if (tenantId !== undefined) {
      context.addIssue({ code: 'custom', path: ['tenantId'], message: 'is for application access only' });
    }
    if (kind === 'shared' && delegate === undefined) {
      context.addIssue({ code: 'custom', path: ['delegate'], message: 'is required for a shared mailbox' });
    }
    if (kind === 'user' && delegate !== undefined) {
      context.addIssue({ code: 'custom', path: ['delegate'], message: 'is for shared mailboxes only' });
    }
  });

export const accountPatch = z.strictObject({
  aliases: aliasesSchema.optional(),
  delegate: addressSchema.optional().describe('Who signs in for a shared mailbox.'),
});

export const connectLinkBody = z
  .strictObject({ expiresInHours: z.number().int().min(1).max(720).default(72) })
  .prefault({});

/** How a sign-in may be started: from the console, to which it leads back. */
export const connectBody = z
  .strictObject({
    returnTo: z
      .string()
      .max(500)
      .refine((path) => consolePathOf(path) === path, 'must be a path of the console')
      .optional()
      .describe('A place in the console (/console/...) that the page after the sign-in leads back to.'),
  })
  .prefault({});

export const connectLinkSchema = z
  .object({ url: z.url().describe('To be sent to the owner of the mailbox.'), expiresAt: z.iso.datetime() })
  .meta({ id: 'ConnectLink' });

export const accountSchema = z
  .object({
    id: z.string(),
    address: z.string(),
    aliases: z.array(z.string()),
    kind: z.enum(['user', 'shared']),
    delegate: z.string().optional(),
    access: z.enum(['delegated', 'application']),
    tenantId: z.string().optional().describe('Where the application acts.'),
    state: z.enum(['not-connected', 'connected', 'reauth-required']),
    cause: causeSchema.optional(),
    signedInAs: z.string().optional().describe('The name shown at sign-in.'),
    connectedAt: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

/** The account without what is ours alone. */
export function toAccountView(stored: Account): z.output<typeof accountSchema> {
  const { identity, tokenSecret, keptAt, triedAt, untold, aliases = [], ...account } = stored;
  return { ...account, aliases: [...aliases], access: account.access ?? 'delegated', signedInAs: identity?.address };
}

const triedSchema = z.object({ works: z.boolean(), detail: z.string().optional() });

/** A person signs in at `authorizeUrl`; with application access the account is connected already. */
export const connectionSchema = z
  .union([
    z.object({
      authorizeUrl: z.url(),
      expiresAt: z.iso.datetime(),
      signInAs: z.string().describe('The account to choose at Microsoft.'),
    }),
    z.object({
      account: accountSchema,
      roles: z.array(z.string()).describe('The permissions that the application’s token names.'),
      sending: triedSchema,
      receiving: triedSchema,
      approvalUrls: z.array(z.url()).describe('Where an administrator approves permissions, for IMAP and for SMTP.'),
      commands: z.array(z.string()).describe('For Exchange Online PowerShell: what gives the application access.'),
    }),
  ])
  .meta({ id: 'Connection' });
