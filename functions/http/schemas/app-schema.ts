import * as z from 'zod';
import { adminRole } from '../../access/roles.ts';
import { signedInPath } from '../../access/sign-in-person.ts';
import { cloudNames } from '../../accounts/clouds.ts';
import type { AppDeployment } from '../../accounts/app-deployment.ts';
import { confirmPath, credentialKinds, mailScopes, type AppRegistration } from '../../accounts/app-registration.ts';
import type { CredentialFacts } from '../../accounts/credential-facts.ts';

const guid = z.guid('must be a GUID');
const time = z.iso.datetime({ offset: true });

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
    .describe(
      'Goes to the key vault and is never shown again. The one before it stays until it ends, or a third comes.',
    ),
  clientSecretExpiresAt: time.optional().describe('When the newest client secret ends; people are told in time.'),
});

export const appSchema = z
  .object({
    configured: z.boolean(),
    setBy: z.enum(['deployment', 'api']).describe('Who names client ID and tenant.'),
    clientId: z.string().optional(),
    tenant: z.string().optional(),
    cloud: z.enum(cloudNames),
    redirectUri: z.url().describe('To be registered with the application, platform Web.'),
    consoleRedirectUri: z.url().describe('The same, for people who sign in to the console.'),
    consoleRole: z
      .string()
      .describe('The app role that lets people into the console; to be defined with the application.'),
    credential: z.object({
      kind: z.enum(['none', ...credentialKinds]),
      expiresAt: time.optional().describe('When the newest secret, or the certificate, ends.'),
      secrets: z
        .array(z.object({ setAt: time, expiresAt: time.optional() }))
        .optional()
        .describe('The newest first. The second is used where Microsoft refuses the first.'),
      certificate: z.object({ name: z.string(), thumbprint: z.string().optional() }).optional(),
      federation: z
        .object({ issuer: z.string(), subject: z.string(), audience: z.string() })
        .optional()
        .describe('What the application’s federated credential must say, letter by letter.'),
      problem: z.string().optional().describe('Why the credential cannot be looked at.'),
    }),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'App' });

export const approvalSchema = z.object({ adminConsentUrl: z.url() }).meta({ id: 'AdminConsent' });

/** What is known of the credential, or why nothing is. */
export type CredentialSeen = CredentialFacts & { readonly problem?: string };

export function toAppView(
  app: AppRegistration | undefined,
  { cloud, credential, application }: AppDeployment,
  { thumbprint, ...seen }: CredentialSeen,
  publicUrl: string,
): z.output<typeof appSchema> {
  const secrets = (app?.clientSecrets ?? []).map(({ setAt, expiresAt }) => ({ setAt, expiresAt }));
  const isMissing = credential.kind === 'client-secret' && secrets.length === 0;
  return {
    configured: app !== undefined,
    setBy: application === undefined ? 'api' : 'deployment',
    clientId: app?.clientId,
    tenant: app?.tenant,
    cloud,
    redirectUri: publicUrl + confirmPath,
    consoleRedirectUri: publicUrl + signedInPath,
    consoleRole: adminRole,
    credential: {
      kind: isMissing ? 'none' : credential.kind,
      ...seen,
      ...(credential.kind === 'client-secret' && { secrets }),
      ...(credential.kind === 'certificate' && { certificate: { name: credential.name, thumbprint } }),
    },
    scopes: mailScopes({ cloud }),
  };
}
