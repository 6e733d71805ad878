/** What one of Microsoft's sign-in errors asks for, and of whom. */
export interface MicrosoftError {
  readonly asks:
    'sign in again' | 'an approval' | 'an administrator' | 'another registration' | 'another credential' | 'to wait';
  /** What happened, as the end of a sentence. */
  readonly why: string;
  /** What to do in this very case, where there is more to say than `asks` does. */
  readonly remedy?: string;
}

type Row = (why: string, remedy?: string) => MicrosoftError;

const row =
  (asks: MicrosoftError['asks']): Row =>
  (why, remedy) => ({ asks, why, ...(remedy !== undefined && { remedy }) });

const signInAgain = row('sign in again');
const approval = row('an approval');
const administrator = row('an administrator');
const registration = row('another registration');
const credential = row('another credential');
const wait = row('to wait')('Microsoft asks to try again later');

const policy =
  'Entra admin centre, Sign-in logs, shows which Conditional Access policy it was: meet what it demands, or exclude this sign-in from it.';
const assignment =
  'Entra admin centre, Enterprise applications, Postern, Users and groups: assign the person, or set “Assignment required” to No.';
const foreigner =
  'Sign in with an account of the organisation Postern is set up for; if others are to connect too, whoever runs Postern sets the tenant with PUT /v1/app.';
const permissions =
  'App registrations, API permissions: add the delegated permissions SMTP.Send and IMAP.AccessAsUser.All.';
const existence = 'Compare client ID and tenant (GET /v1/app) with the Entra admin centre, App registrations.';
const enabled = 'Enable the application again: Entra admin centre, Enterprise applications, Properties.';
const redirect =
  'App registrations, Authentication: add the redirectUri that GET /v1/app shows, platform Web, letter by letter.';
const cloud =
  'Set Postern to the cloud of the organisation (docs/OPERATIONS.md), with an app registration of that cloud.';

/**
 * The numbers of `AADSTS...` that change what is to be done; one that is not here is judged by its OAuth error alone.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const microsoftErrors: Readonly<Record<string, MicrosoftError>> = {
  50173: signInAgain('the password was changed or the sessions were revoked'),
  50132: signInAgain('the password was changed or the session ended'),
  50133: signInAgain('the password was changed or the session ended'),
  50089: signInAgain('the sign-in took too long'),
  70000: signInAgain('the code or token is not valid'),
  70008: signInAgain('the code or token was not used in time'),
  700082: signInAgain('the token was not used for 90 days'),
  700005: signInAgain('the code belongs to another organisation'),
  700020: signInAgain('the permissions were not granted, or were withdrawn'),
  70043: signInAgain('the organisation demands a new sign-in from time to time'),
  50074: signInAgain('the organisation demands multi-factor authentication'),
  50076: signInAgain('the organisation demands multi-factor authentication'),
  50078: signInAgain('the multi-factor authentication has expired'),
  50079: signInAgain(
    'the person has to register for multi-factor authentication',
    'Register at https://aka.ms/mfasetup, then sign in again.',
  ),
  54005: signInAgain('the code was used before'),
  501481: signInAgain('the code belongs to another sign-in'),
  65001: signInAgain('the permissions were not granted, or were withdrawn'),

  90093: approval('only an administrator may grant these permissions'),
  90094: approval('only an administrator may grant these permissions'),
  90095: approval('an administrator has to approve the request'),
  90099: approval('the application has not been approved in this organisation'),

  50105: administrator('the person is not assigned to the application', assignment),
  50020: administrator('the person is not in the organisation', foreigner),
  50034: administrator('the person is not in the organisation', foreigner),
  50057: administrator(
    'the person is disabled in the organisation',
    'Enable the person in the Microsoft 365 admin centre. A shared mailbox is always disabled: let a delegate sign in for it.',
  ),
  53000: administrator('Conditional Access demands a compliant device', policy),
  53001: administrator('Conditional Access demands a domain-joined device', policy),
  53003: administrator('Conditional Access blocks the sign-in', policy),
  530003: administrator('Conditional Access demands a managed device', policy),
  650052: administrator(
    'the organisation has no Exchange Online, or has switched it off',
    'Subscribe to Exchange Online, or enable “Office 365 Exchange Online” in the Entra admin centre, Enterprise applications.',
  ),

  700016: registration('there is no such application in this tenant', existence),
  700011: registration('there is no such application in this tenant', existence),
  70001: registration('the application is disabled', enabled),
  7000112: registration('the application is disabled', enabled),
  90002: registration('there is no such tenant', existence),
  50194: registration(
    'the application is for one tenant, and the tenant that is set is not its own',
    'Set the tenant to its Directory (tenant) ID with PUT /v1/app, or make the application multitenant.',
  ),
  50011: registration('the redirect URI is not registered with the application', redirect),
  500112: registration('the redirect URI is not registered with the application', redirect),
  65005: registration('the permissions are not listed in the registration', permissions),
  650056: registration('the permissions are not listed in the registration', permissions),
  650057: registration('the permissions are not listed in the registration', permissions),
  90038: registration('the organisation is in another Microsoft cloud', cloud),
  900382: registration('the application is in another Microsoft cloud than the organisation', cloud),
  900432: registration('the application is in another Microsoft cloud than the organisation', cloud),

  7000215: credential('the client secret is wrong; its ID instead of its Value is the usual mistake'),
  7000222: credential('the client secret has expired'),
  7000218: credential('no client secret was sent'),
  700025: credential(
    'the application is registered as a public client',
    'App registrations, Authentication: set “Allow public client flows” to No, and register the redirect URI with the platform Web.',
  ),
  700027: credential('the certificate is not one of the application, or has expired'),
  7000214: credential('the certificate was revoked'),
  1000502: credential('the certificate has expired, or is not valid yet'),
  700021: credential('the assertion names another application'),
  700023: credential('the assertion is meant for another tenant or cloud'),
  700024: credential('the assertion is too old or too new: the clocks differ'),
  700229: credential('the assertion is not of an application'),
  50027: credential('the assertion cannot be read'),
  50013: credential('the assertion was not signed by its issuer'),
  500133: credential('the assertion has expired'),
  70021: credential('no federated credential of the application fits the managed identity'),
  70025: credential('the application has no federated credential'),
  700211: credential('no federated credential of the application has the issuer of the managed identity'),
  700212: credential('no federated credential of the application has the audience of the managed identity'),
  700213: credential('no federated credential of the application has the managed identity as its subject'),
  7002138: credential('a federated credential differs from the managed identity in upper and lower case'),

  50033: wait,
  50087: wait,
  // Too many of the same requests in a short time.
  50196: wait,
  90006: wait,
  90024: wait,
  90033: wait,
  90055: wait,
  90090: wait,
};

/** The number in one of Microsoft's descriptions, the only thing in them to act upon. */
export function aadstsOf(description: string): string | undefined {
  return /AADSTS(\d{4,8})\b/.exec(description)?.[1];
}

/** What finds the sign-in in Microsoft's logs. */
export function tracesOf(description: string): { readonly traceId?: string; readonly correlationId?: string } {
  const id = (name: string): string | undefined =>
    new RegExp(`${name} ID: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`, 'i').exec(description)?.[1];
  const [traceId, correlationId] = [id('Trace'), id('Correlation')];
  return { ...(traceId !== undefined && { traceId }), ...(correlationId !== undefined && { correlationId }) };
}

/** A reason for people: what happened, and the number to search for; empty when there is no number. */
export function reasonOf(aadsts: string | undefined): string {
  if (aadsts === undefined) return '';
  const why = microsoftErrors[aadsts]?.why;
  return why === undefined ? ` (AADSTS${aadsts})` : `: ${why} (AADSTS${aadsts})`;
}
