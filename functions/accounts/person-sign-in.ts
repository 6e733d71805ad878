import type { AppRegistration } from './app-registration.ts';
import type { AuthorizeRequest, RedeemRequest } from './sign-in.ts';

/** Who signed in, as Microsoft says to this application alone. */
export interface Person {
  readonly objectId: string;
  readonly tenantId: string;
  /** What people sign in with; for showing. */
  readonly address: string;
  /** The app roles that an administrator of the organisation has given the person in this application. */
  readonly roles: readonly string[];
}

/** Microsoft's sign-in as proof of who somebody is, with no permission asked for. Throws GatewayError `sign-in-...`, `app-...`. */
export interface PersonSignIn {
  authorizeUrl(app: AppRegistration, request: AuthorizeRequest): Promise<string>;
  redeem(app: AppRegistration, request: RedeemRequest): Promise<Person>;
}
