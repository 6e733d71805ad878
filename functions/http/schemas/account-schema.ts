import * as z from 'zod';
import type { Account } from '../../accounts/account.ts';
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
  })
  .superRefine(({ kind, delegate }, context) => {
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
    state: z.enum(['not-connected', 'connected', 'reauth-required']),
    cause: causeSchema.optional(),
    signedInAs: z.string().optional().describe('The name shown at sign-in.'),
    connectedAt: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

/** The account without what is ours alone. */
export function toAccountView({ identity, tokenSecret, aliases = [], ...account }: Account) {
  return { ...account, aliases, signedInAs: identity?.address };
}

export const connectionSchema = z
  .object({
    authorizeUrl: z.url(),
    expiresAt: z.iso.datetime(),
    signInAs: z.string().describe('The account to choose at Microsoft.'),
  })
  .meta({ id: 'Connection' });
