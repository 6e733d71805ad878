import * as z from 'zod';
import type { Account } from '../../accounts/account.ts';
import { addressSchema, causeSchema } from './common-schemas.ts';

export const accountBody = z
  .strictObject({
    address: addressSchema,
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

export const accountSchema = z
  .object({
    id: z.string(),
    address: z.string(),
    kind: z.enum(['user', 'shared']),
    delegate: z.string().optional(),
    state: z.enum(['not-connected', 'connected', 'reauth-required']),
    cause: causeSchema.optional(),
    signedInAs: z.string().optional().describe('The address shown at sign-in.'),
    connectedAt: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

/** The account without what is ours alone. */
export function toAccountView({ identity, tokenSecret, ...account }: Account) {
  return { ...account, signedInAs: identity?.address };
}

export const connectionSchema = z
  .object({ authorizeUrl: z.url(), expiresAt: z.iso.datetime() })
  .meta({ id: 'Connection' });
