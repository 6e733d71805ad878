import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { EntraRefusal } from './entra-error.ts';
import { isCurrent, readClaims, readHeader, type Claims } from './jwt.ts';
import type { Application, Tenant } from './tenant.ts';

/**
 * Demands that an assertion (RFC 7523 section 3) is the application's: signed with one of its certificates, or a token that
 * one of its federated credentials fits.
 *
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials,
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 *
 * @throws EntraRefusal 50027 no JWT, 700024 too old or too new; of a certificate 700021, 700023, 700027; of a federated
 *   credential 70025, 700211, 700212, 700213, 50013
 */
export function demandAssertion(tenant: Tenant, application: Application, assertion: string): void {
  const claims = readClaims(assertion);
  const header = readHeader(assertion);
  if (!claims || !header || assertion.split('.').length !== 3) throw new EntraRefusal(50027);
  const isByItself = claims['iss'] === application.clientId || typeof header['x5t#S256'] === 'string';
  if (!isCurrent(claims) || Number(claims['nbf'] ?? 0) * 1000 > Date.now() + allowedSkew) {
    throw new EntraRefusal(700024);
  }
  if (isByItself) demandCertificate(tenant, application, assertion, header, claims);
  else demandFederation(tenant, application, assertion, claims);
}

const allowedSkew = 5 * 60_000;

function demandCertificate(
  { origin, id }: Tenant,
  { clientId, certificates = [] }: Application,
  assertion: string,
  { alg, 'x5t#S256': thumbprint }: Claims,
  { iss, sub, aud, jti }: Claims,
) {
  const certificate = certificates
    .map((pem) => new X509Certificate(pem))
    .find(({ raw }) => thumbprintOf(raw) === thumbprint);
  if (!certificate) throw new EntraRefusal(700027, '[Reason - The key was not found.]');
  if (certificate.validToDate.getTime() <= Date.now()) {
    throw new EntraRefusal(700027, '[Reason - The key used is expired.]');
  }
  const padding = { RS256: constants.RSA_PKCS1_PADDING, PS256: constants.RSA_PKCS1_PSS_PADDING }[String(alg)];
  const key = { key: certificate.publicKey, ...(padding !== undefined && { padding }) };
  const [signed, signature] = cut(assertion);
  if (padding === undefined || !verify('sha256', signed, key, signature)) throw new EntraRefusal(700027);
  if (iss !== clientId || sub !== clientId) throw new EntraRefusal(700021);
  const endpoints = ['common', 'organizations', 'consumers', id].map((name) => `${origin}/${name}/oauth2/v2.0/token`);
  if (!endpoints.includes(String(aud))) throw new EntraRefusal(700023);
  if (typeof jti !== 'string') throw new EntraRefusal(50027, "The claim 'jti' is missing.");
}

function demandFederation(
  { issuers }: Tenant,
  { federatedCredentials = [] }: Application,
  assertion: string,
  { iss, sub, aud }: Claims,
) {
  if (federatedCredentials.length === 0) throw new EntraRefusal(70025);
  const ofIssuer = federatedCredentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw new EntraRefusal(700211, `It is '${String(iss)}'.`);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw new EntraRefusal(700213, `It is '${String(sub)}'.`);
  if (!ofSubject.some(({ audience }) => audience === aud)) throw new EntraRefusal(700212, `It is '${String(aud)}'.`);
  if (!issuers.find(({ issuer }) => issuer === iss)?.verify(assertion)) throw new EntraRefusal(50013);
}

/** What is signed, and the signature. */
function cut(token: string): [Buffer, Buffer] {
  const end = token.lastIndexOf('.');
  return [Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), 'base64url')];
}

function thumbprintOf(der: Buffer) {
  return createHash('sha256').update(der).digest('base64url');
}
