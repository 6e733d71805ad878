import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const lifetime = 24 * 3600;

/** The identity an app has in Azure, on this machine. */
export interface ManagedIdentity {
  /** For `IDENTITY_ENDPOINT`. */
  endpoint: string;
  /** For `IDENTITY_HEADER`: who knows it is the app. */
  header: string;
  /** Whether a token was given out here, for this resource if one is named, and has not expired. */
  isToken: (token: string, resource?: string) => boolean;
  stop: () => Promise<void>;
}

/**
 * Starts the token endpoint that App Service and Functions give to an app with a managed identity, which is where `ManagedIdentityCredential`
 * gets its tokens: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference.
 * Tokens are random and live in memory for a day.
 *
 * One is enough for a process: the credential remembers the first endpoint it met, whatever the environment says later.
 */
export async function startManagedIdentity(): Promise<ManagedIdentity> {
  const header = randomUUID();
  const given = new Map<string, { resource: string; expiresOn: number }>();

  function answer(method: string, url: string, sentHeader: unknown): { status: number; body: unknown } {
    const { searchParams } = new URL(url, 'http://127.0.0.1');
    if (sentHeader !== header) return refusal(401, 'X-IDENTITY-HEADER is missing or wrong.');
    if (method !== 'GET') return refusal(405, 'Use GET.');
    const resource = searchParams.get('resource');
    if (!resource) return refusal(400, 'resource is missing.');
    if (searchParams.get('api-version') !== '2019-08-01') return refusal(400, 'api-version must be 2019-08-01.');
    const token = randomBytes(32).toString('base64url');
    const expiresOn = seconds() + lifetime;
    given.set(token, { resource, expiresOn });
    const client_id = searchParams.get('client_id') ?? undefined;
    // Seconds since 1970, as text.
    return {
      status: 200,
      body: { access_token: token, expires_on: String(expiresOn), resource, token_type: 'Bearer', client_id },
    };
  }

  const server = createServer((request, response) => {
    request.resume();
    const { status, body } = answer(request.method ?? '', request.url ?? '/', request.headers['x-identity-header']);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    header,
    isToken(token, resource) {
      const known = given.get(token);
      if (known === undefined || known.expiresOn <= seconds()) return false;
      return resource === undefined || withoutSlash(resource) === withoutSlash(known.resource);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refusal(statusCode: number, message: string) {
  return { status: statusCode, body: { statusCode, message } };
}

function withoutSlash(resource: string) {
  return resource.replace(/\/$/, '');
}

function seconds() {
  return Math.floor(Date.now() / 1000);
}
