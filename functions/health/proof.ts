import type { MailLogin, MailServer } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';
import type { GatewayError } from '../shared/errors.ts';
import type { Protocol } from './judge-claims.ts';
import type { Explained } from './legs.ts';

/** What a mailbox is logged in to with while it is examined, and what is known about it. */
export interface Proof {
  /** Opens something that takes a login, as this user. @throws what `open` throws, and why there is no login */
  logIn<T>(
    call: Call,
    server: MailServer,
    user: string,
    open: (login: MailLogin, call: Call) => Promise<T>,
  ): Promise<T>;
  /** Says why a server refused this user. */
  explain(error: GatewayError, protocol: Protocol, user: string): Explained;
}
