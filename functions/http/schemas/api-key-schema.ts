import * as z from 'zod';
import type { ApiKey } from '../../access/api-key.ts';
import { scopes } from '../../access/caller.ts';
import { fromFilterSchema, idSchema, nameSchema } from './common-schemas.ts';

const scope = z.enum(scopes);

export const apiKeyBody = z.strictObject({
  name: nameSchema,
  scopes: z.array(scope).min(1).max(scopes.length),
  from: fromFilterSchema.min(1).optional().describe('The From addresses and domains it may use; left out: any.'),
  incomingServers: z
    .array(idSchema('inc', 'an incoming server'))
    .min(1)
    .max(100)
    .optional()
    .describe('The incoming servers it may read; left out: all.'),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scope),
    from: z.array(z.string()).optional(),
    incomingServers: z.array(z.string()).optional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'ApiKey' });

export const newApiKeySchema = apiKeySchema
  .extend({ key: z.string().describe('Shown this once.') })
  .meta({ id: 'NewApiKey' });

export function toApiKeyView({ hash, ...key }: ApiKey) {
  return key;
}
