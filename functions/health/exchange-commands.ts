/**
 * The commands that mend a mailbox, ready to paste into a PowerShell with `Connect-ExchangeOnline` (those with `Mg`:
 * `Connect-MgGraph`) or into a shell with the Azure CLI (`az`).
 * https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission
 * https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
 */
export const commands = {
  smtpAuthOn: (mailbox: string) =>
    `Set-CASMailbox -Identity ${argument(mailbox)} -SmtpClientAuthenticationDisabled $false`,
  smtpAuthOnForAll: () => 'Set-TransportConfig -SmtpClientAuthenticationDisabled $false',
  /** Empty: what the organisation says counts. */
  smtpAuthOf: (mailbox: string) =>
    `Get-CASMailbox -Identity ${argument(mailbox)} | Format-List SmtpClientAuthenticationDisabled`,
  smtpAuthOfAll: () => 'Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled',

  imapOn: (mailbox: string) => `Set-CASMailbox -Identity ${argument(mailbox)} -ImapEnabled $true`,
  imapOf: (mailbox: string) => `Get-CASMailbox -Identity ${argument(mailbox)} | Format-List ImapEnabled`,

  names: (mailbox: string) =>
    `Get-Mailbox -Identity ${argument(mailbox)} | Format-List UserPrincipalName,PrimarySmtpAddress`,
  rename: (user: string, name: string) =>
    `Update-MgUser -UserId ${argument(user)} -UserPrincipalName ${argument(name)}`,
  licences: (user: string) => `Get-MgUserLicenseDetail -UserId ${argument(user)}`,
  enable: (user: string) => `Update-MgUser -UserId ${argument(user)} -AccountEnabled:$true`,

  fullAccessOf: (mailbox: string) => `Get-MailboxPermission -Identity ${argument(mailbox)}`,
  fullAccess: (mailbox: string, trustee: string) =>
    `Add-MailboxPermission -Identity ${argument(mailbox)} -User ${argument(trustee)} -AccessRights FullAccess`,
  sendAsOf: (from: string) => `Get-RecipientPermission -Identity ${argument(from)}`,
  sendAs: (from: string, trustee: string) =>
    `Add-RecipientPermission -Identity ${argument(from)} -Trustee ${argument(trustee)} -AccessRights SendAs`,

  /** `objectId` is that of the enterprise application, not that of the app registration. */
  servicePrincipal: (clientId: string, objectId: string) =>
    `New-ServicePrincipal -AppId ${argument(clientId)} -ObjectId ${argument(objectId)} -DisplayName Postern`,
  enableApplication: (clientId: string) =>
    `Update-MgServicePrincipal -ServicePrincipalId (Get-MgServicePrincipal -Filter "appId eq '${plain(clientId)}'").Id -AccountEnabled:$true`,

  redirectUri: (clientId: string, uri: string) =>
    `az ad app update --id ${plain(clientId)} --web-redirect-uris ${plain(uri)}`,
  // Exchange Online's own ids of SMTP.Send and IMAP.AccessAsUser.All.
  permissions: (clientId: string) =>
    `az ad app permission add --id ${plain(clientId)} --api 00000002-0000-0ff1-ce00-000000000000 --api-permissions ` +
    '76faac2a-0f20-42f1-928a-50de5b9dbe52=Scope 195adc35-e27b-454b-a7ed-1ecdffa1c09f=Scope',
  consent: (clientId: string) => `az ad app permission admin-consent --id ${plain(clientId)}`,
} as const;

/** An argument of PowerShell. What could end it or be run is quoted, for who pastes a command does not read it closely. */
function argument(text: string): string {
  return /^[\w.@+-]+$/.test(text) ? text : `'${text.replaceAll(/\p{Cc}/gu, '').replaceAll(/['‘’‚‛]/g, '$&$&')}'`;
}

/** Ids and addresses of ours, which hold nothing a shell would act on. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.:/@-]/g, '');
}
