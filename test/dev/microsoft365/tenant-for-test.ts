import { ConfidentialClientApplication, CryptoProvider, type AuthenticationResult } from '@azure/msal-node';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { rm } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { onTestFinished } from 'vitest';
import { createCertificateAuthority } from '../../../dev/certificates.ts';
import {
  startMicrosoft365,
  type Microsoft365,
  type Microsoft365Options,
} from '../../../dev/microsoft365/start-microsoft365.ts';

export const tenantId = '9b5f0c7e-4a53-4d0e-9a7e-2f1f0d3c6b11';
export const clientId = 'c0ffee00-1111-4222-8333-444455556666';
export const clientSecret = 'a secret of the application';
export const redirectUri = 'http://localhost:7071/microsoft_outlook/confirm';
export const mailScopes = ['https://outlook.office.com/IMAP.AccessAsUser.All', 'https://outlook.office.com/SMTP.Send'];

const authority = await createCertificateAuthority();
setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
const tls = await authority.issue(['localhost']);

/** A tenant with two users, one who may not consent, and a shared mailbox of the first; ends with the test. */
export async function startTenant(
  folder?: string,
  ports: Microsoft365Options['ports'] = {},
  issuers: Microsoft365Options['issuers'] = [],
): Promise<Microsoft365> {
  const microsoft365 = await startMicrosoft365({
    tls,
    ports,
    issuers,
    ...(folder === undefined ? {} : { folder }),
    tenantId,
    applications: [{ clientId, name: 'Postern', clientSecrets: [clientSecret], redirectUris: [redirectUri] }],
    users: [
      { address: 'anna@contoso.test', name: 'Anna Ärlig', aliases: ['a.arlig@contoso.test'] },
      { address: 'bert@contoso.test', name: 'Bert Builder', messageIds: 'replaced' },
      { address: 'carl@contoso.test', name: 'Carl Cautious', consent: 'admin-required' },
    ],
    sharedMailboxes: [{ address: 'sales@contoso.test', name: 'Sales', members: ['anna@contoso.test'] }],
  });
  onTestFinished(async () => {
    await microsoft365.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return microsoft365;
}

export function msalFor({ authority: origin }: Microsoft365, tenant = 'common', secret = clientSecret) {
  const { host } = new URL(origin);
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret: secret, authority: `${origin}/${tenant}`, knownAuthorities: [host] },
  });
}

/** A token of the application itself. */
export async function applicationToken(microsoft365: Microsoft365): Promise<string> {
  const scopes = ['https://outlook.office365.com/.default'];
  const token = await msalFor(microsoft365, tenantId).acquireTokenByClientCredential({ scopes });
  return token?.accessToken ?? '';
}

/** Follows one step without following redirects; a form is answered with one of its buttons. */
export async function step(page: Response | string, button?: Record<string, string>): Promise<Response> {
  if (typeof page === 'string') return fetch(page, { redirect: 'manual' });
  const html = await page.text();
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '';
  const flow = /name="flow" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const body = new URLSearchParams({ flow, ...button });
  return fetch(new URL(action, page.url), { method: 'POST', body, redirect: 'manual' });
}

/** The parameters with which the browser is sent back to the application. */
export function sentBack(response: Response): URLSearchParams {
  const location = new URL(response.headers.get('location') ?? 'about:blank');
  if (`${location.origin}${location.pathname}` !== redirectUri) throw new Error(`Sent to ${location.href}`);
  return location.searchParams;
}

/** Signs somebody in as the product does: code flow, PKCE, nonce; consent where it is asked for. */
export async function signIn(
  microsoft365: Microsoft365,
  address: string,
  client = msalFor(microsoft365),
): Promise<AuthenticationResult> {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await client.getAuthCodeUrl({
    ...{ scopes: mailScopes, redirectUri, state: 'state', nonce: 'nonce', loginHint: address },
    ...{ codeChallenge: challenge, codeChallengeMethod: 'S256' },
  });
  const first = await step(url);
  const back = sentBack(first.status === 302 ? first : await step(first, { answer: 'accept' }));
  const code = back.get('code') ?? '';
  return client.acquireTokenByCode({ scopes: mailScopes, redirectUri, code, codeVerifier: verifier, nonce: 'nonce' });
}

export function smtpClient({ smtp }: Microsoft365, user: string, accessToken: string) {
  const transport = createTransport({ ...smtp, requireTLS: true, auth: { type: 'OAuth2', user, accessToken } });
  onTestFinished(() => {
    transport.close();
  });
  return transport;
}

/** An SMTP connection of somebody who has just signed in. */
export async function smtpClientOf(microsoft365: Microsoft365, address: string) {
  const { accessToken } = await signIn(microsoft365, address);
  return smtpClient(microsoft365, address, accessToken);
}

/** An IMAP connection that is open, until the test ends. */
export async function imapClient({ imap }: Microsoft365, user: string, accessToken: string): Promise<ImapFlow> {
  const client = new ImapFlow({ ...imap, secure: true, auth: { user, accessToken }, logger: false });
  // Some tests break the connection on purpose.
  client.on('error', () => undefined);
  onTestFinished(() => {
    client.close();
  });
  await client.connect();
  return client;
}

/** What lies in a folder, in the order in which it came. */
export function messagesIn(microsoft365: Microsoft365, address: string, path = 'INBOX') {
  const folder = microsoft365
    .mailbox(address)
    .folders()
    .find((candidate) => candidate.path === path);
  return folder?.messages ?? [];
}
