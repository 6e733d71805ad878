import type { MailLogin } from '../servers/mail-login.ts';
import { GatewayError } from '../shared/errors.ts';

/** @throws GatewayError `mail-server-untrusted` when a token would go over a connection without TLS */
export function demandTls({ proof, encryption }: MailLogin): void {
  if (proof.kind !== 'token' || encryption !== 'none') return;
  throw new GatewayError('mail-server-untrusted', 'A token is not sent over a connection without TLS.', {
    data: { remedy: 'Set the encryption to STARTTLS or TLS.' },
  });
}
