import * as z from 'zod';
import { errorCodes } from '../../shared/errors.ts';
import { hasControl, isAddress } from '../../shared/address.ts';
import type { ResourcePrefix } from '../../shared/ids.ts';

/** Text of one line. Looked at before it is trimmed, for what is trimmed away may be CR and LF. */
export const lineSchema = z
  .string()
  .refine((text) => !hasControl(text), 'must not contain control characters')
  .trim();

/** A name people give to a thing. */
export const nameSchema = lineSchema.min(1).max(200);

/** The id of a thing of this kind. */
export function idSchema(prefix: ResourcePrefix, kind: string) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{10}$`), `must be the id of ${kind}`);
}

/** One plain address. */
export const addressSchema = z
  .string()
  .meta({ format: 'email' })
  .refine((text) => isAddress(text), 'must be an address such as user@contoso.com');

export const hostSchema = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/, 'must be a host name');
export const portSchema = z.number().int().min(1).max(65_535);
export const encryptionSchema = z.enum(['starttls', 'tls']);
export const passwordEncryptionSchema = z
  .enum(['starttls', 'tls', 'none'])
  .describe('none: the password and all mail travel readable by everybody on the way.');
export const usernameSchema = lineSchema.min(1).max(320);
export const passwordSchema = z
  .string()
  .min(1)
  .max(1000)
  .refine((text) => !hasControl(text), 'must not contain control characters')
  .meta({ description: 'Goes to the key vault and is never shown again.', format: 'password', writeOnly: true });

/** Who has to act. */
export const actorSchema = z.enum(['caller', 'mailbox owner', 'tenant admin', 'operator']);

/** Why something does not work, who has to act and what to do. */
export const causeSchema = z
  .object({
    code: z.enum(Object.keys(errorCodes) as [string]),
    detail: z.string(),
    actor: actorSchema,
    remedy: z.string().optional(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Cause' });

const filterEntry = lineSchema
  .toLowerCase()
  .refine(
    (entry) => isAddress(entry) || isAddress(`a@${entry.replace(/^\*\./, '')}`),
    'must be an address, a domain, or *. and a domain',
  );

/** Addresses and domains; `*.contoso.com` for subdomains. */
export const fromFilterSchema = z.array(filterEntry).max(100);
