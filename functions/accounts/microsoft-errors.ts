/** What one of Microsoft's sign-in errors asks for, and of whom. */
export interface MicrosoftError {
  readonly asks: 'sign in again' | 'an administrator' | 'another registration' | 'another credential' | 'to wait';
  /** What happened, as the end of a sentence. */
  readonly why: string;
}

const signInAgain = (why: string): MicrosoftError => ({ asks: 'sign in again', why });
const administrator = (why: string): MicrosoftError => ({ asks: 'an administrator', why });
const registration = (why: string): MicrosoftError => ({ asks: 'another registration', why });
const credential = (why: string): MicrosoftError => ({ asks: 'another credential', why });
const wait: MicrosoftError = { asks: 'to wait', why: 'Microsoft asks to try again later' };

/**
 * The numbers of `AADSTS...` that change what is to be done; one that is not here is judged by its OAuth error alone.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const microsoftErrors: Readonly<Record<string, MicrosoftError>> = {
  50173: signInAgain('the password was changed or the sessions were revoked'),
  50132: signInAgain('the password was changed or the session ended'),
  50133: signInAgain('the password was changed or the session ended'),
  70008: signInAgain('the code or token was not used in time'),
  700082: signInAgain('the token was not used for 90 days'),
  70043: signInAgain('the organisation demands a new sign-in from time to time'),
  50074: signInAgain('the organisation demands multi-factor authentication'),
  50076: signInAgain('the organisation demands multi-factor authentication'),
  50078: signInAgain('the multi-factor authentication has expired'),
  50079: signInAgain('the person has to register for multi-factor authentication'),
  54005: signInAgain('the code was used before'),
  501481: signInAgain('the code belongs to another sign-in'),
  65001: signInAgain('the permissions were not granted, or were withdrawn'),

  90093: administrator('only an administrator may grant these permissions'),
  90094: administrator('only an administrator may grant these permissions'),
  90095: administrator('an administrator has to approve the request'),
  90099: administrator('the application has not been approved in this organisation'),
  50105: administrator('the person is not assigned to the application'),
  50020: administrator('the person is not in the organisation'),
  50034: administrator('the person is not in the organisation'),
  50057: administrator('the person is disabled in the organisation'),
  53000: administrator('Conditional Access demands a compliant device'),
  53001: administrator('Conditional Access demands a domain-joined device'),
  53003: administrator('Conditional Access blocks the sign-in'),
  530003: administrator('Conditional Access demands a managed device'),

  700016: registration('there is no such application in this tenant'),
  700011: registration('there is no such application in this tenant'),
  70001: registration('the application is disabled'),
  7000112: registration('the application is disabled'),
  90002: registration('there is no such tenant'),
  90038: registration('the tenant is in another national cloud than MICROSOFT_CLOUD says'),
  900382: registration('the tenant is in another national cloud than MICROSOFT_CLOUD says'),
  900432: registration('the tenant is in another national cloud than MICROSOFT_CLOUD says'),
  50194: registration('the application is for one tenant, and the tenant that is set is not its own'),
  50011: registration('the redirect URI is not registered with the application'),
  500112: registration('the redirect URI is not registered with the application'),
  65005: registration('the permissions are not listed in the registration'),
  650052: registration('the organisation has no Exchange Online'),
  650056: registration('the permissions are not listed in the registration'),
  650057: registration('the permissions are not listed in the registration'),

  7000215: credential('the client secret is wrong; its ID instead of its Value is the usual mistake'),
  7000222: credential('the client secret has expired'),
  7000218: credential('no client secret was sent'),
  700025: credential('the application is registered as a public client'),
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

/** The number in one of Microsoft's descriptions, the only thing in them to go by. */
export function aadstsOf(description: string): string | undefined {
  return /AADSTS(\d{4,8})\b/.exec(description)?.[1];
}

/** A reason for people: what happened, and the number to search for; empty when there is no number. */
export function reasonOf(aadsts: string | undefined): string {
  if (aadsts === undefined) return '';
  const why = microsoftErrors[aadsts]?.why;
  return why === undefined ? ` (AADSTS${aadsts})` : `: ${why} (AADSTS${aadsts})`;
}
