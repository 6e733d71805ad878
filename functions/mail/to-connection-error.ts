import { GatewayError, type Upstream } from '../shared/errors.ts';

/** Where a connection was going. */
export interface Destination {
  readonly protocol: 'smtp' | 'imap';
  readonly host: string;
  readonly port: number;
}

// Node's names for what OpenSSL finds wrong with a certificate or a handshake (tls.md, "X509 certificate error codes").
const untrusted =
  /^(?:CERT_|CRL_|ERR_SSL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_|PATH_LENGTH_|EPROTO$)/;

const troubles: readonly (readonly [RegExp, string])[] = [
  [/^(?:EDNS|ENOTFOUND|EAI_\w+|ENODATA)$/, 'its name cannot be resolved'],
  [/^ECONNREFUSED$/, 'it refuses the connection'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'there is no route to it'],
  [/^(?:ETIMEDOUT|ETIMEOUT|\w+_TIMEOUT)$/, 'it did not answer in time'],
  [/^ABORT_ERR$/, 'the time for this call is over'],
];

/**
 * Why a connection could not be made or did not last: `mail-server-untrusted` when TLS cannot be relied on, else
 * `mail-server-unreachable`. Pure; understands the errors of Node's sockets as nodemailer and imapflow pass them on.
 */
export function toConnectionError(thrown: unknown, { protocol, host, port }: Destination): GatewayError {
  const code = connectionCode(thrown);
  const upstream: Upstream = { protocol, ...(code !== undefined && { code }) };
  const server = `${host}:${String(port)}`;
  if (code !== undefined && untrusted.test(code)) {
    return new GatewayError('mail-server-untrusted', `No trusted TLS connection to ${server} (${code}).`, {
      cause: thrown,
      data: {
        remedy: 'Check the host name, the port and the encryption; the certificate must be valid for this host name.',
        upstream,
      },
    });
  }
  const trouble = troubles.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
  return new GatewayError('mail-server-unreachable', `${server}: ${trouble ?? 'the connection broke'}.`, {
    cause: thrown,
    data: {
      remedy:
        'Check the host name and the port, and that outbound connections to it are allowed (Azure blocks port 25).',
      upstream,
    },
  });
}

/** Node's own code of an error: nodemailer keeps it in `originalCode` beside its own. */
function connectionCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const { originalCode, code } = thrown as { originalCode?: unknown; code?: unknown };
  if (typeof originalCode === 'string') return originalCode;
  return typeof code === 'string' ? code : undefined;
}
