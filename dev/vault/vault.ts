import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerVaultRequest, type VaultRequest } from './answer-vault-request.ts';
import { openSecretFile } from './secret-file.ts';
import { createSecrets } from './secrets.ts';
import { VaultError } from './vault-error.ts';

const maxBodyBytes = 1_000_000;

/** A Key Vault on this machine: its secrets, over HTTPS. */
export interface Vault {
  /** `https://localhost:PORT`: what `SecretClient` takes. */
  url: string;
  /** How often a value was read. */
  reads: () => number;
  /** How often a value was set. */
  writes: () => number;
  /** How many versions a secret has; 0 when there is no such secret or it is deleted. */
  versions: (name: string) => number;
  stop: () => Promise<void>;
}

export interface VaultOptions {
  /** A certificate for localhost. */
  tls: { key: string; cert: string };
  /** Whether a bearer token may use this vault. */
  isToken: (token: string) => boolean;
  /** The tenant that callers are told to get their token from. */
  tenantId: string;
  /** Where to keep the secrets, in one file; without it they are in memory. */
  folder?: string | undefined;
  /** How long a deletion, recovery or purge takes, in milliseconds (Azure takes seconds). None unless given. */
  settling?: number;
}

/**
 * Starts a vault that the Azure SDK cannot tell from Key Vault as far as secrets go (not: keys, certificates, backup):
 * https://learn.microsoft.com/rest/api/keyvault/secrets. With `folder`, every change is on the disk before it is answered.
 *
 * A client needs `disableChallengeResourceVerification: true`, since localhost is not below vault.azure.net.
 */
export async function startVault({ tls, isToken, tenantId, folder, settling = 0 }: VaultOptions): Promise<Vault> {
  const file = folder === undefined ? undefined : openSecretFile(folder);
  const secrets = createSecrets(file?.read() ?? [], settling);
  const counts = { reads: 0, writes: 0 };
  const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`;
  let url = '';

  async function answer(incoming: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized('AKV10000: Request is missing a Bearer or PoP token.');
    if (!isToken(token)) throw unauthorized('Error validating the Bearer token.');
    const request = await toVaultRequest(incoming, url);
    const { status = 200, body, effect } = answerVaultRequest(request, secrets, url);
    if (effect === 'read') counts.reads++;
    if (effect === 'set') counts.writes++;
    if (effect === 'set' || effect === 'changed') file?.write(secrets.all());
    return { status, body };
  }

  const server = createServer(tls, (incoming, outgoing) => {
    void answer(incoming)
      .catch((error: unknown) => {
        const known = error instanceof VaultError ? error : new VaultError(500, 'InternalError', String(error));
        if (known.status === 401) outgoing.setHeader('WWW-Authenticate', challenge);
        return { status: known.status, body: known };
      })
      .then(({ status, body }) => {
        outgoing.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    reads: () => counts.reads,
    writes: () => counts.writes,
    versions: (name) =>
      secrets.list().find((secret) => secret.name.toLowerCase() === name.toLowerCase())?.versions.length ?? 0,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function toVaultRequest(incoming: IncomingMessage, origin: string): Promise<VaultRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new VaultError(413, 'RequestEntityTooLarge', 'The request body is too large.');
    chunks.push(chunk);
  }
  const address = new URL(incoming.url ?? '/', origin);
  return { method: incoming.method ?? 'GET', address, body: Buffer.concat(chunks).toString() };
}

function unauthorized(message: string) {
  return new VaultError(401, 'Unauthorized', message);
}
