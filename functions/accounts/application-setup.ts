import { applicationScope, confirmPath, type AppRegistration } from './app-registration.ts';
import { approvalState } from './approval.ts';
import type { SignIn } from './sign-in.ts';

/** What an administrator has to do so that the application may use a mailbox by itself. */
export interface ApplicationSetup {
  /** Pages where an administrator approves the application's permissions: IMAP first, then SMTP. */
  readonly approvalUrls: readonly string[];
  /** Commands for Exchange Online PowerShell. */
  readonly commands: readonly string[];
}

/** The names under which Microsoft documents the permissions of IMAP and POP, and of SMTP, for an administrator's approval. */
function approvalScopes(app: AppRegistration): string[] {
  const ofPop = app.cloud === undefined || app.cloud === 'global' ? ['https://ps.outlook.com/.default'] : [];
  return [...ofPop, applicationScope(app)];
}

/** Where an administrator approves the application's own permissions in a tenant. */
export async function approvalUrls(
  app: AppRegistration,
  tenantId: string,
  { signIn, publicUrl }: { signIn: SignIn; publicUrl: string },
): Promise<string[]> {
  const request = { redirectUri: publicUrl + confirmPath, state: approvalState };
  const delegated = await signIn.approvalUrl({ ...app, tenant: tenantId }, request);
  if (delegated === undefined) return [];
  return approvalScopes(app).map((scope) => {
    const url = new URL(delegated);
    url.searchParams.set('scope', scope);
    return url.href;
  });
}

/**
 * The commands that let an application use a mailbox. `objectId` is that of the enterprise application, as tokens name
 * it; that of the app registration, which is easily taken for it, does not work.
 * https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 * and .../smtp-app-rbac-onboarding
 */
export function exchangeCommands(
  mailbox: string,
  { appId, objectId, tenantId }: { appId: string; objectId: string; tenantId: string },
): string[] {
  const identity = quoted(mailbox);
  const scope = quoted(`Postern ${mailbox}`.slice(0, 64));
  return [
    `Connect-ExchangeOnline -Organization ${tenantId}`,
    `New-ServicePrincipal -AppId ${appId} -ObjectId ${objectId} -DisplayName 'Postern'`,
    `Add-MailboxPermission -Identity ${identity} -User ${objectId} -AccessRights FullAccess`,
    `New-ManagementScope -Name ${scope} -RecipientRestrictionFilter ${quoted(`PrimarySmtpAddress -eq ${identity}`)}`,
    `New-ManagementRoleAssignment -Role 'Application SMTP.SendAsApp' -App ${appId} -CustomResourceScope ${scope}`,
    `Set-CASMailbox -Identity ${identity} -SmtpClientAuthenticationDisabled $false -ImapEnabled $true`,
  ];
}

/** Text for PowerShell that it takes as it is: it ends a text also at quotation marks as they are printed. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}
