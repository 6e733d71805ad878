import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify, createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from '../atomic-file.ts';

export type Claims = Record<string, unknown>;

/** Signs and verifies the tenant's JSON Web Tokens (RS256). */
export interface JwtSigner {
  sign(claims: Claims): string;
  /** The claims of a token this signer signed; undefined for any other, also for one that has expired. */
  verify(token: string): Claims | undefined;
  /** The public key as `/discovery/v2.0/keys` lists it (RFC 7517). */
  jwk: Record<string, unknown>;
}

/** @param folder where the key is kept, so that tokens outlive a restart; left out: a new key */
export function createJwtSigner(folder?: string): JwtSigner {
  const file = folder === undefined ? undefined : join(folder, 'signing-key.json');
  const { kid, pem } = (file === undefined ? undefined : readKey(file)) ?? newKey(file);
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);

  return {
    sign(claims) {
      const content = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`;
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    },
    verify(token) {
      const [head = '', body = '', signature = '', ...rest] = token.split('.');
      if (rest.length > 0) return undefined;
      const signed = Buffer.from(`${head}.${body}`);
      if (!verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
      const claims = readClaims(token);
      return claims && isCurrent(claims) ? claims : undefined;
    },
    jwk: { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid },
  };
}

/** What a token says, whoever signed it; undefined when it is no JWT. */
export function readClaims(token: string): Claims | undefined {
  return decode(token.split('.')[1]);
}

/** How a token is signed; undefined when it is no JWT. */
export function readHeader(token: string): Claims | undefined {
  return decode(token.split('.')[0]);
}

/** Whether the token has an expiry that is still to come. */
export function isCurrent({ exp }: Claims): boolean {
  return typeof exp === 'number' && exp * 1000 > Date.now();
}

function decode(part = '') {
  try {
    const content: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof content === 'object' && content !== null ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}

function readKey(file: string) {
  const text = readIfThere(file);
  return text === undefined ? undefined : (JSON.parse(text) as { kid: string; pem: string });
}

function newKey(file?: string) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { kid: randomUUID(), pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  if (file !== undefined) writeAtomically(file, JSON.stringify(key));
  return key;
}

function encode(value: Claims) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
