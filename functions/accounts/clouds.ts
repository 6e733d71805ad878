/** The clouds that Microsoft 365 runs in. GCC is in the global one. */
export const cloudNames = ['global', 'gcc-high', 'dod', 'china'] as const;

export type CloudName = (typeof cloudNames)[number];

/** Where a cloud has what mail needs. */
export interface Cloud {
  /** The sign-in authority, without a tenant. */
  readonly loginUrl: string;
  /** What stands before the mail permissions: the resource that the mail servers take tokens for. */
  readonly mailResource: string;
  readonly smtpServer: { readonly host: string; readonly port: number };
  readonly imapServer: { readonly host: string; readonly port: number };
  /** The audience of a managed identity's token that stands in for a client secret. */
  readonly tokenExchangeAudience: string;
}

function cloudOf(loginUrl: string, mailResource: string, smtp: string, imap: string, exchange: string): Cloud {
  return {
    loginUrl,
    mailResource,
    smtpServer: { host: smtp, port: 587 },
    imapServer: { host: imap, port: 993 },
    tokenExchangeAudience: `api://AzureADTokenExchange${exchange}`,
  };
}

const government = 'https://login.microsoftonline.us';

/**
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud,
 * https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/pop3-and-imap4,
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: cloudOf(
    'https://login.microsoftonline.com',
    'https://outlook.office.com',
    'smtp.office365.com',
    'outlook.office365.com',
    '',
  ),
  'gcc-high': cloudOf(government, 'https://outlook.office365.us', 'smtp.office365.us', 'outlook.office365.us', 'USGov'),
  dod: cloudOf(
    government,
    'https://outlook.office365.us',
    'outlook-dod.office365.us',
    'outlook-dod.office365.us',
    'USGov',
  ),
  china: cloudOf(
    'https://login.partner.microsoftonline.cn',
    'https://partner.outlook.cn',
    'smtp.partner.outlook.cn',
    'partner.outlook.cn',
    'China',
  ),
};
