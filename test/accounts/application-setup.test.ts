import { expect, it } from 'vitest';
import { exchangeCommands } from '../../functions/accounts/application-setup.ts';

it('prints commands that PowerShell takes as they are, whatever the address', () => {
  const commands = exchangeCommands("o'brien$(x)@contoso.com", {
    appId: 'APP',
    objectId: 'OBJECT',
    tenantId: 'TENANT',
  });
  expect(commands).toEqual([
    'Connect-ExchangeOnline -Organization TENANT',
    "New-ServicePrincipal -AppId APP -ObjectId OBJECT -DisplayName 'Postern'",
    "Add-MailboxPermission -Identity 'o''brien$(x)@contoso.com' -User OBJECT -AccessRights FullAccess",
    "New-ManagementScope -Name 'Postern o''brien$(x)@contoso.com' -RecipientRestrictionFilter 'PrimarySmtpAddress -eq ''o''''brien$(x)@contoso.com'''",
    "New-ManagementRoleAssignment -Role 'Application SMTP.SendAsApp' -App APP -CustomResourceScope 'Postern o''brien$(x)@contoso.com'",
    "Set-CASMailbox -Identity 'o''brien$(x)@contoso.com' -SmtpClientAuthenticationDisabled $false -ImapEnabled $true",
  ]);
  const [, , curly] = exchangeCommands('a’;x@contoso.com', { appId: 'APP', objectId: 'OBJECT', tenantId: 'TENANT' });
  expect(curly).toBe("Add-MailboxPermission -Identity 'a’’;x@contoso.com' -User OBJECT -AccessRights FullAccess");
});
