import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJwtSigner, type Claims, type JwtSigner } from '../microsoft365/login/jwt.ts';

const lifetime = 24 * 3600;

/** The identity an app has in Azure, on this machine. */
export interface ManagedIdentity {
  /** For `IDENTITY_ENDPOINT`. */
  endpoint: string;
  /** For `IDENTITY_HEADER`: who knows it is the app. */
  header: string;
  /** Who signs its tokens, as Entra does for a tenant. */
  issuer: string;
  /** Its object id. */
  principalId: string;
  /** Whether a token was given out here, for this resource if one is named, and has not expired. */
  isToken: (token: string, resource?: string) => boolean;
  /** The claims of a token that was given out here for an exchange. */
  verify: (token: string) => Claims | undefined;
  stop: () => Promise<void>;
}

/**
 * Starts the token endpoint that App Service and Functions give to an app with a managed identity, which is where `ManagedIdentityCredential`
 * gets its tokens: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference.
 * Tokens live for a day, in memory. They are random, but for those that are exchanged for an application's: these are signed.
 *
 * One is enough for a process: the credential remembers the first endpoint it met, whatever the environment says later.
 */
export async function startManagedIdentity(tenantId: string = randomUUID()): Promise<ManagedIdentity> {
  const header = randomUUID();
  const principalId = randomUUID();
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  // Made when it is first needed: making a key takes a while.
  let signer: JwtSigner | undefined;
  const given = new Map<string, { resource: string; expiresOn: number }>();

  function answer(method: string, url: string, sentHeader: unknown): { status: number; body: unknown } {
    const { searchParams } = new URL(url, 'http://127.0.0.1');
    if (sentHeader !== header) return refusal(401, 'X-IDENTITY-HEADER is missing or wrong.');
    if (method !== 'GET') return refusal(405, 'Use GET.');
    const resource = searchParams.get('resource');
    if (!resource) return refusal(400, 'resource is missing.');
    if (searchParams.get('api-version') !== '2019-08-01') return refusal(400, 'api-version must be 2019-08-01.');
    const expiresOn = seconds() + lifetime;
    const token = resource.startsWith('api://AzureADTokenExchange')
      ? exchangeToken(resource, expiresOn)
      : randomBytes(32).toString('base64url');
    given.set(token, { resource, expiresOn });
    const client_id = searchParams.get('client_id') ?? undefined;
    // Seconds since 1970, as text.
    return {
      status: 200,
      body: { access_token: token, expires_on: String(expiresOn), resource, token_type: 'Bearer', client_id },
    };
  }

  function exchangeToken(audience: string, exp: number): string {
    signer ??= createJwtSigner();
    const now = seconds();
    const who = { iss: issuer, sub: principalId, oid: principalId, tid: tenantId };
    return signer.sign({ aud: audience, ...who, iat: now, nbf: now, exp, jti: randomUUID(), ver: '2.0' });
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
    issuer,
    principalId,
    verify: (token) => signer?.verify(token),
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
