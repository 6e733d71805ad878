import type { MailLogin, MailServer } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';

/**
 * A conversation with an outgoing server that goes as far as naming a sender. Nothing can be sent over it. All methods
 * throw GatewayError.
 */
export interface OutgoingProbe {
  /** @throws GatewayError `mail-login-refused`, `smtp-auth-disabled`, `sign-in-blocked`, `mail-server-busy`, ... */
  login(login: MailLogin): Promise<void>;
  /** Names a sender and takes it back. @throws GatewayError `sender-refused`, `mail-server-busy`, ... */
  sender(from: string): Promise<void>;
  /** Says goodbye and closes; never throws, never waits long. */
  close(): Promise<void>;
}

/**
 * Connects, with TLS as the server's encryption says, up to the point where a login can follow.
 * @throws GatewayError `mail-server-unreachable`, `mail-server-untrusted`, `mail-server-busy`
 */
export type OpenOutgoingProbe = (server: MailServer, call: Call) => Promise<OutgoingProbe>;
