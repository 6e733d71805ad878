import * as z from 'zod';
import { confirmPath, mailScopes, type AppRegistration } from '../../accounts/app-registration.ts';

const guid = z.guid('must be a GUID');

export const appBody = z.strictObject({
  clientId: guid.describe('Application (client) ID of the app registration.'),
  tenant: z.union([z.enum(['common', 'organizations', 'consumers']), guid], {
    error: 'must be common, organizations, consumers or a tenant ID',
  }),
  clientSecret: z
    .string()
    .max(1000)
    .regex(/^[!-~]+$/, 'must be the secret’s Value alone, without spaces or line ends')
    .optional()
    .describe('Goes to the key vault and is never shown again.'),
  clientSecretExpiresAt: z.iso.datetime({ offset: true }).optional(),
});

export const appSchema = z
  .object({
    configured: z.boolean(),
    clientId: z.string().optional(),
    tenant: z.string().optional(),
    redirectUri: z.url().describe('To be registered with the application, platform Web.'),
    credential: z.object({
      kind: z.enum(['none', 'client-secret']),
      expiresAt: z.iso.datetime({ offset: true }).optional(),
    }),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'App' });

export function toAppView(app: AppRegistration | undefined, publicUrl: string): z.output<typeof appSchema> {
  return {
    configured: app !== undefined,
    clientId: app?.clientId,
    tenant: app?.tenant,
    redirectUri: publicUrl + confirmPath,
    credential: {
      kind: app?.clientSecretName === undefined ? 'none' : 'client-secret',
      expiresAt: app?.clientSecretExpiresAt,
    },
    scopes: mailScopes(app ?? {}),
  };
}
