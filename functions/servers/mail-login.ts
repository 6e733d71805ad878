import type { Secret } from '../shared/secret.ts';

/** `none` exists for servers inside a private network that offer no TLS; it is refused together with a token. */
export type Encryption = 'starttls' | 'tls' | 'none';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
}

/** All that is needed to log in to a mail server: where, as whom, and the proof. */
export interface MailLogin extends MailServer {
  /** Who logs in: for IMAP the mailbox to open (it may be a shared one), for SMTP the signed-in user. */
  readonly user: string;
  /** An OAuth access token (SASL XOAUTH2) or a password. */
  readonly proof: { readonly kind: 'token' | 'password'; readonly secret: Secret };
}
