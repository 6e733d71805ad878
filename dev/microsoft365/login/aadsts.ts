/** What Entra answers for one of its error numbers. */
interface EntraAnswer {
  /** The HTTP status of the token endpoint. */
  status: number;
  /** OAuth's `error` (RFC 6749 section 5.2, and Entra's own). */
  error: string;
  /** MSAL reads some of them as "the user must sign in". */
  suberror?: string;
  text: string;
}

const invalidGrant = (text: string, suberror?: string) => answer(400, 'invalid_grant', text, suberror);
const badToken = (text: string) => invalidGrant(text, 'bad_token');
const interaction = (text: string, suberror?: string) => answer(400, 'interaction_required', text, suberror);
const invalidRequest = (text: string) => answer(400, 'invalid_request', text);
const invalidClient = (text: string) => answer(401, 'invalid_client', text);
const badRegistration = (text: string) => answer(400, 'invalid_client', text);
const noFederation = (claim: string) =>
  invalidClient(`No matching federated identity record found for presented assertion ${claim}.`);
const unauthorizedClient = (text: string) => answer(400, 'unauthorized_client', text);
const accessDenied = (text: string) => answer(400, 'access_denied', text);
const tryAgain = (text: string, status = 503) => answer(status, 'temporarily_unavailable', text);

/**
 * The error numbers this Entra knows, after Microsoft's "Microsoft Entra authentication and authorization error codes".
 * Programs must go by `error`, `suberror` and the number; the text is for people and changes.
 */
export const aadsts = {
  // The person must sign in or consent again.
  50020: invalidGrant('User account does not exist in tenant and cannot access the application in that tenant.'),
  50034: invalidGrant('The user account does not exist in the directory.'),
  50057: invalidGrant('The user account is disabled.'),
  50058: answer(400, 'login_required', 'A silent sign-in request was sent but no user is signed in.'),
  50074: interaction('Strong Authentication is required.'),
  50076: interaction(
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use ' +
      'multi-factor authentication to access the resource.',
    'basic_action',
  ),
  50078: interaction('Presented multi-factor authentication has expired due to policies of your administrator.'),
  50079: interaction('You must enroll in multi-factor authentication to access the resource.', 'basic_action'),
  50089: invalidGrant('Authentication failed due to flow token expired.'),
  50105: invalidGrant('The application is configured to block users unless they are specifically granted access.'),
  50132: badToken('The session is not valid due to password expiration or recent password change.'),
  50133: badToken('The session is not valid due to password expiration or recent password change.'),
  50173: badToken('The provided grant has expired due to it being revoked, a fresh auth token is needed.'),
  53000: interaction(
    'Conditional Access requires a compliant device, and the device is not compliant.',
    'message_only',
  ),
  53001: interaction('Conditional Access requires a domain joined device, and the device is not.', 'message_only'),
  53003: interaction('Access has been blocked by Conditional Access policies.', 'message_only'),
  54005: invalidGrant('OAuth2 Authorization code was already redeemed, please retry with a new valid code.'),
  65001: invalidGrant('The user or administrator has not consented to use the application.', 'consent_required'),
  65004: accessDenied('User declined to consent to access the app.'),
  70000: invalidGrant('Provided grant is invalid or malformed.'),
  70008: invalidGrant('The provided authorization code or refresh token has expired due to inactivity.'),
  70043: badToken('The refresh token has expired due to sign-in frequency checks by Conditional Access.'),
  501481: invalidGrant('The Code_Verifier does not match the code_challenge supplied in the authorization request.'),
  530003: interaction('Your device is required to be managed to access this resource.', 'message_only'),
  700005: invalidGrant('Provided Authorization Code is intended to use against other tenant, thus rejected.'),
  700020: interaction('The user or administrator must sign in interactively to consent.'),
  700082: badToken('The refresh token has expired due to inactivity. It was inactive for 90.00:00:00.'),

  // The tenant's administrator must act.
  65005: badRegistration('The application requests access to a resource that its registration does not list.'),
  70001: unauthorizedClient('The application is disabled.'),
  90094: accessDenied('The grant requires admin permission. An administrator must consent first.'),
  90095: accessDenied('Admin consent is required, an administrator must approve the request.'),
  90099: invalidRequest('The application has not been authorized in the tenant.'),
  650052: badRegistration('The app needs access to a service that your organization has not subscribed to or enabled.'),
  650053: badRegistration("The application asked for a scope that doesn't exist on the resource."),
  650056: badRegistration('Misconfigured application: its registration lists no permissions for the resource.'),
  650057: badRegistration('Invalid resource: the registration does not list what was requested.'),
  700011: unauthorizedClient('Application was not found in the directory.'),
  700016: unauthorizedClient(
    'Application was not found in the directory. This can happen if the application has not been installed by the ' +
      'administrator of the tenant or consented to by any user in the tenant.',
  ),
  7000112: unauthorizedClient('Application is disabled.'),

  // Whoever runs the application must act.
  28000: invalidRequest('Provided value for the input parameter scope contains more than one resource.'),
  50011: invalidRequest('The redirect URI specified in the request does not match those of the application.'),
  50194: invalidRequest('Application is not configured as multi-tenant. Usage of /common is not supported for it.'),
  70003: answer(400, 'unsupported_grant_type', 'The app requested an unsupported grant type.'),
  70011: answer(400, 'invalid_scope', "The provided value for the input parameter 'scope' is not valid."),
  90002: invalidRequest('Tenant not found. Check to make sure you have the correct tenant ID and cloud.'),
  90014: invalidRequest('A required field is missing from the request.'),
  90038: invalidRequest('Tenant is in another national cloud.'),
  500112: badRegistration('The reply address does not match the one provided when requesting Authorization code.'),
  501491: invalidRequest('Invalid size or format of Code_Challenge, or a method other than S256.'),
  700025: invalidClient("Client is public so neither 'client_assertion' nor 'client_secret' should be presented."),
  50013: invalidGrant('Assertion failed signature validation.'),
  50027: invalidRequest('JWT token is invalid or malformed.'),
  70025: invalidClient('The client has no configured federated identity credentials.'),
  700021: invalidClient("Client assertion application identifier doesn't match 'client_id' parameter."),
  700023: invalidClient('Client assertion audience claim does not match Realm issuer.'),
  700024: invalidClient('Client assertion is not within its valid time range.'),
  700027: invalidClient('Client assertion failed signature validation.'),
  700211: noFederation('issuer'),
  700212: noFederation('audience'),
  700213: noFederation('subject'),
  700054: answer(400, 'unsupported_response_type', 'response_type is not enabled for the application.'),
  900144: invalidRequest('The request body must contain a parameter that is missing.'),
  900382: invalidRequest('Confidential client is not supported in cross-cloud requests.'),
  900432: invalidRequest('Confidential client is not supported in cross-cloud requests.'),
  7000215: invalidClient(
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the ' +
      'client secret ID, for a secret added to the app.',
  ),
  7000218: invalidClient("The request body must contain 'client_assertion' or 'client_secret'."),
  7000222: invalidClient('The provided client secret keys for the app are expired.'),
  9001023: invalidRequest('The grant type is not supported over the /common or /consumers endpoints.'),

  // Trying again helps.
  50033: tryAgain('A temporary error has occurred.'),
  50087: tryAgain('A transient error has occurred during strong authentication.'),
  50196: invalidGrant('The server terminated an operation because it encountered a client request loop.'),
  90006: tryAgain('The service is temporarily unavailable. Please try again later.'),
  90024: tryAgain('A transient error has occurred because of budget limits.'),
  90033: tryAgain('A transient error has occurred. Please try again.'),
  90055: tryAgain('The server received too many requests. Please try again later.', 429),
  90090: tryAgain('The graph resource is throttled.'),
} satisfies Record<number, EntraAnswer>;

/** One of these numbers. */
export type AadstsCode = keyof typeof aadsts;

function answer(status: number, error: string, text: string, suberror?: string): EntraAnswer {
  return suberror === undefined ? { status, error, text } : { status, error, suberror, text };
}
