import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { FailureSwitches } from '../failure-switches.ts';
import { createAdminConsentPages } from './admin-consent.ts';
import { EntraRefusal, toEntraErrorBody } from './entra-error.ts';
import { showFailures, switchFailure } from './failures-page.ts';
import { errorPage } from './pages.ts';
import { send, type Reply } from './reply.ts';
import { createSignInPages } from './sign-in.ts';
import type { Tenant } from './tenant.ts';
import { answerTokenRequest } from './token-endpoint.ts';

/**
 * Begins to serve the tenant's sign-in, `login.microsoftonline.com` in small, on a server that listens already; with
 * `switches` also the page that lets failures begin and end.
 */
export function serveLogin(
  server: Server,
  tenant: Tenant,
  onTokenRequest: () => void,
  switches?: FailureSwitches,
): void {
  const signIn = createSignInPages(tenant);
  const adminConsent = createAdminConsentPages(tenant);

  const routes: Record<string, (tenantName: string, request: IncomingMessage, url: URL) => Reply | Promise<Reply>> = {
    'GET v2.0/.well-known/openid-configuration': (tenantName) => json(discovery(tenant, tenantName)),
    'GET discovery/v2.0/keys': () => json({ keys: [tenant.signer.jwk] }),
    'GET oauth2/v2.0/authorize': (tenantName, _request, url) => signIn.authorize(tenantName, url.searchParams),
    'POST signin': async (_tenantName, request) => signIn.chooseAccount(await readForm(request)),
    'POST consent': async (_tenantName, request) => signIn.answerConsent(await readForm(request)),
    'GET v2.0/adminconsent': (tenantName, _request, url) => adminConsent.ask(tenantName, url.searchParams),
    'POST adminconsent': async (_tenantName, request) => adminConsent.answer(await readForm(request)),
    'POST oauth2/v2.0/token': async (tenantName, request) => {
      onTokenRequest();
      return answerTokenRequest(tenant, tenantName, await readForm(request));
    },
  };
  const tenantNames = ['common', 'organizations', 'consumers', tenant.id];

  async function answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', tenant.origin);
    const [tenantName = '', ...rest] = url.pathname.slice(1).split('/');
    const path = rest.join('/');
    if (switches && url.pathname === '/failures') {
      return request.method === 'POST' ? switchFailure(switches, await readForm(request)) : showFailures(switches);
    }
    const route = routes[`${request.method ?? ''} ${path}`];
    if (!route) return { kind: 'json', status: 404, body: { error: 'not_found' } };
    try {
      if (!tenantNames.includes(tenantName)) throw new EntraRefusal(90002, `The tenant is '${tenantName}'.`);
      return await route(tenantName, request, url);
    } catch (error) {
      if (!(error instanceof EntraRefusal)) throw error;
      const body = toEntraErrorBody(error, tenant.origin);
      const isForPrograms =
        path === 'oauth2/v2.0/token' || path.endsWith('openid-configuration') || path.endsWith('keys');
      return isForPrograms
        ? { kind: 'json', status: error.status, body }
        : { kind: 'page', status: error.status, html: errorPage(body) };
    }
  }

  server.on('request', (request, response) => {
    answer(request).then(
      (reply) => {
        send(response, reply);
      },
      (error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(String(error));
      },
    );
  });
}

/**
 * A server for the sign-in: over TLS for programs, and without for browsers, which would warn of a certificate that only
 * this laptop's programs trust.
 *
 * @throws Error when the certificate is not usable or the port is taken
 */
export async function listenForLogin(tls: { key: string; cert: string } | undefined, port: number): Promise<Server> {
  const server = tls ? createServer({ key: tls.key, cert: tls.cert }) : createHttpServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** OpenID Connect Discovery, as Entra answers it. */
function discovery({ origin, pagesOrigin, id }: Tenant, tenantName: string) {
  const base = `${origin}/${tenantName}`;
  return {
    // Where the tenant is not known before the sign-in Entra leaves its place open.
    issuer: `${origin}/${tenantName === id ? id : '{tenantid}'}/v2.0`,
    authorization_endpoint: `${pagesOrigin}/${tenantName}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
  };
}

function json(body: unknown): Reply {
  return { kind: 'json', status: 200, body };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > 1_000_000) throw new EntraRefusal(90014, 'The request is too long.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
