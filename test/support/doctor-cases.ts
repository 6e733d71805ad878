/** What a test of a mailbox must find under one failure of the Microsoft 365. */
export interface DoctorCase {
  /** The leg that fails; those after it are not reached. */
  readonly leg: string;
  readonly code: string;
  readonly actor: 'mailbox owner' | 'tenant admin' | 'operator';
  /** What the remedy holds. */
  readonly remedy: string;
  /** What the cause holds. */
  readonly cause?: string;
  /** Which account is tested; left out: Ada's. */
  readonly of?: 'support';
  /** What becomes of the account; left out: it stays connected. */
  readonly state?: 'reauth-required';
  /** True when only a new sign-in mends it. */
  readonly consent?: true;
}

const ada = 'ada@contoso.example';
const support = 'support@contoso.example';
const clientId = '3f1c9a52-86d4-4e57-b1f0-6a2c8d9e0b47';

/** The failure's name (dev/microsoft365/failures.ts) to what is found. */
export const doctorCases: Readonly<Record<string, DoctorCase>> = {
  'smtp-auth-disabled-tenant': {
    ...{ leg: 'smtp-login', code: 'smtp-auth-disabled', actor: 'tenant admin', cause: 'whole organisation' },
    remedy: 'Set-TransportConfig -SmtpClientAuthenticationDisabled $false',
  },
  'smtp-auth-disabled-mailbox': {
    ...{ leg: 'smtp-login', code: 'smtp-auth-disabled', actor: 'tenant admin', cause: 'for the mailbox' },
    remedy: `Set-CASMailbox -Identity ${ada} -SmtpClientAuthenticationDisabled $false`,
  },
  'security-defaults': {
    ...{ leg: 'smtp-login', code: 'sign-in-blocked', actor: 'tenant admin', cause: 'security defaults' },
    remedy: 'Manage security defaults',
  },
  'conditional-access': {
    ...{ leg: 'smtp-login', code: 'sign-in-blocked', actor: 'tenant admin', cause: 'Conditional Access' },
    remedy: `Users, ${ada}, Sign-in logs`,
  },
  'basic-auth': {
    leg: 'smtp-login',
    code: 'mail-login-refused',
    actor: 'operator',
    remedy: 'connected account (OAuth)',
  },
  'login-refused': {
    ...{ leg: 'imap-login', code: 'mail-login-refused', actor: 'operator' },
    remedy: `Set-CASMailbox -Identity ${ada} -ImapEnabled $true`,
  },
  'smtp-busy': { leg: 'smtp-login', code: 'mail-server-busy', actor: 'operator', remedy: 'later' },
  'smtp-rate': { leg: 'smtp-sender', code: 'mail-server-busy', actor: 'operator', remedy: 'later' },
  'smtp-hangs-up': { leg: 'smtp-connect', code: 'mail-server-unreachable', actor: 'operator', remedy: 'port' },
  'too-many-senders': { leg: 'smtp-sender', code: 'mail-server-busy', actor: 'operator', remedy: 'later' },
  'send-as-denied': {
    ...{ leg: 'smtp-sender', code: 'sender-refused', actor: 'tenant admin', of: 'support' },
    remedy: `Add-RecipientPermission -Identity ${support} -Trustee ${ada} -AccessRights SendAs`,
  },
  'imap-disabled': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin' },
    remedy: `Set-CASMailbox -Identity ${ada} -ImapEnabled $true`,
  },
  'no-licence': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin' },
    remedy: `Get-MgUserLicenseDetail -UserId ${ada}`,
  },
  'no-full-access': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin', of: 'support' },
    remedy: `(1) ${ada}, who signed in, has Full Access to it: Get-MailboxPermission -Identity ${support}; to give it: Add-MailboxPermission -Identity ${support} -User ${ada} -AccessRights FullAccess`,
  },
  'upn-differs': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin', cause: 'ada.renamed@contoso.example' },
    remedy: `Update-MgUser -UserId ada.renamed@contoso.example -UserPrincipalName ${ada}`,
  },
  'too-many-connections': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin' },
    remedy: 'too many connections: wait',
  },
  'imap-throttled': { leg: 'imap-select', code: 'mail-server-busy', actor: 'operator', remedy: '93 seconds' },
  'graph-audience': {
    ...{ leg: 'imap-login', code: 'mail-login-refused', actor: 'operator', cause: 'The token is for Microsoft Graph' },
    remedy: 'https://outlook.office.com/SMTP.Send',
  },
  'missing-scope-smtp': {
    ...{ leg: 'smtp-login', code: 'mail-login-refused', actor: 'tenant admin' },
    cause: 'lacks the permission SMTP.Send; it has: IMAP.AccessAsUser.All',
    remedy: `az ad app permission add --id ${clientId}`,
  },
  'missing-scope-imap': {
    ...{ leg: 'imap-select', code: 'mailbox-not-opened', actor: 'tenant admin' },
    cause: 'lacks the permission IMAP.AccessAsUser.All; it has: SMTP.Send',
    remedy: `az ad app permission add --id ${clientId}`,
  },
  revoked: {
    ...{ leg: 'token', code: 'reauth-required', actor: 'mailbox owner', state: 'reauth-required', consent: true },
    ...{ cause: 'AADSTS50173', remedy: `open authorizeUrl as ${ada}` },
  },
  'password-reset': {
    ...{ leg: 'token', code: 'reauth-required', actor: 'mailbox owner', state: 'reauth-required' },
    ...{ cause: 'AADSTS50133', remedy: `open authorizeUrl as ${ada}` },
  },
  'unused-for-90-days': {
    ...{ leg: 'token', code: 'reauth-required', actor: 'mailbox owner', state: 'reauth-required' },
    ...{ cause: '90 days', remedy: `open authorizeUrl as ${ada}` },
  },
  'mfa-required': {
    ...{ leg: 'token', code: 'reauth-required', actor: 'mailbox owner', state: 'reauth-required' },
    ...{ cause: 'multi-factor', remedy: 'second factor' },
  },
  'consent-withdrawn': {
    ...{ leg: 'token', code: 'reauth-required', actor: 'mailbox owner', state: 'reauth-required' },
    ...{ cause: 'AADSTS65001', remedy: `/v2.0/adminconsent?client_id=${clientId}` },
  },
  'user-disabled': {
    ...{ leg: 'token', code: 'sign-in-blocked', actor: 'tenant admin', state: 'reauth-required', cause: 'AADSTS50057' },
    remedy: `Update-MgUser -UserId ${ada} -AccountEnabled:$true`,
  },
  'not-assigned': {
    ...{ leg: 'token', code: 'sign-in-blocked', actor: 'tenant admin', state: 'reauth-required', cause: 'AADSTS50105' },
    remedy: `${clientId}, Users and groups: add ${ada}`,
  },
  'admin-consent-needed': {
    ...{ leg: 'token', code: 'sign-in-blocked', actor: 'tenant admin', state: 'reauth-required', cause: 'AADSTS90094' },
    remedy: `/v2.0/adminconsent?client_id=${clientId}`,
  },
  'app-disabled': {
    ...{ leg: 'credential', code: 'app-credential-refused', actor: 'operator', cause: 'AADSTS7000112' },
    remedy: `(Get-MgServicePrincipal -Filter "appId eq '${clientId}'").Id -AccountEnabled:$true`,
  },
  'wrong-tenant': {
    ...{ leg: 'credential', code: 'app-credential-refused', actor: 'operator', cause: 'AADSTS700016' },
    remedy: `az ad app show --id ${clientId}`,
  },
  'secret-expired': {
    ...{ leg: 'credential', code: 'app-credential-refused', actor: 'operator', cause: 'AADSTS7000222' },
    remedy: `az ad app credential reset --id ${clientId} --append`,
  },
  'secret-wrong': {
    ...{ leg: 'credential', code: 'app-credential-refused', actor: 'operator', cause: 'AADSTS7000215' },
    remedy: `az ad app credential reset --id ${clientId} --append`,
  },
  'service-unavailable': {
    ...{ leg: 'token', code: 'sign-in-unavailable', actor: 'operator', cause: 'AADSTS90033' },
    remedy: 'tries again by itself',
  },
  'loop-detected': {
    ...{ leg: 'token', code: 'sign-in-unavailable', actor: 'operator', cause: 'AADSTS50196' },
    remedy: 'tries again by itself',
  },
  'untrusted-certificate': {
    ...{ leg: 'imap-login', code: 'mail-server-untrusted', actor: 'operator' },
    remedy: 'certificate must be valid for this host name',
  },
  'connection-refused': {
    ...{ leg: 'imap-login', code: 'mail-server-unreachable', actor: 'operator', cause: 'refuses the connection' },
    remedy: 'Check the host name and the port',
  },
};
