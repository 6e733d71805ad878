import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { bitString, bool, explicit, implicit, integer, octetString, oid, sequence, set, time, utf8 } from './der.ts';

const hour = 3_600_000;
// From RFC 5280 section 4.2 (extensions), RFC 5758 (signature).
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const commonName = '2.5.4.3';
const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
const extendedKeyUsage = '2.5.29.37';
const serverAuth = '1.3.6.1.5.5.7.3.1';
const subjectAlternativeName = '2.5.29.17';
const subjectKeyIdentifier = '2.5.29.14';
const authorityKeyIdentifier = '2.5.29.35';

/** A private key (PKCS #8) and its certificate, both PEM, as `node:tls` takes them. */
export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** An authority whose certificates everything on the laptop trusts, and nothing else does. */
export interface CertificateAuthority {
  /** The authority's own certificate, PEM: what a client must trust. */
  certificate: string;
  /** A server certificate for these DNS names and IP addresses. */
  issue: (hosts: string[]) => Promise<KeyAndCertificate>;
}

/**
 * Makes a new certificate authority (EC P-256, valid a year). Its key is kept in memory only: nothing on disk can sign.
 * The extensions are those RFC 5280 section 4.2 asks of an authority and of a TLS server.
 */
export function createCertificateAuthority(): Promise<CertificateAuthority> {
  const authority = newKeys();
  // A name of its own: OpenSSL is misled by two trusted authorities that share a name.
  const name = nameOf(`Postern laptop authority ${randomBytes(4).toString('hex')}`);
  const issuer = { name, key: authority.privateKey };

  const certificate = certify(issuer, name, authority.publicKey, [
    extension(basicConstraints, sequence(bool(true), integer(Buffer.of(0))), 'critical'),
    // keyCertSign and cRLSign: bits 5 and 6.
    extension(keyUsage, bitString(Buffer.of(0b0000_0110), 1), 'critical'),
    extension(subjectKeyIdentifier, octetString(identifierOf(authority.publicKey))),
  ]);

  return Promise.resolve({
    certificate,
    issue(hosts) {
      const { publicKey, privateKey } = newKeys();
      const cert = certify(issuer, nameOf(hosts[0] ?? 'localhost'), publicKey, [
        extension(basicConstraints, sequence(), 'critical'),
        // digitalSignature: bit 0, all that an EC key does in TLS.
        extension(keyUsage, bitString(Buffer.of(0b1000_0000), 7), 'critical'),
        extension(extendedKeyUsage, sequence(oid(serverAuth))),
        extension(subjectAlternativeName, sequence(...hosts.map(generalName))),
        extension(subjectKeyIdentifier, octetString(identifierOf(publicKey))),
        extension(authorityKeyIdentifier, sequence(implicit(0, identifierOf(authority.publicKey)))),
      ]);
      return Promise.resolve({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert });
    },
  });
}

/** RFC 5280 section 4.1: what is to be signed, the algorithm, the signature. */
function certify(
  issuer: { name: Buffer; key: KeyObject },
  subject: Buffer,
  publicKey: KeyObject,
  extensions: Buffer[],
) {
  // An hour back, for clocks that differ a little.
  const validity = sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + 365 * 24 * hour)));
  const version3 = explicit(0, integer(Buffer.of(2)));
  // Positive and without a leading zero: 01 before 15 random bytes.
  const serial = integer(Buffer.concat([Buffer.of(1), randomBytes(15)]));
  const toBeSigned = sequence(
    version3,
    serial,
    ecdsaWithSha256,
    issuer.name,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuer.key);
  const base64 = sequence(toBeSigned, ecdsaWithSha256, bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function nameOf(text: string) {
  return sequence(set(sequence(oid(commonName), utf8(text))));
}

function extension(id: string, value: Buffer, critical?: 'critical') {
  return sequence(oid(id), ...(critical ? [bool(true)] : []), octetString(value));
}

/** RFC 5280 section 4.2.1.6: a dNSName is [2], an iPAddress [7] and its 4 or 16 bytes. */
function generalName(host: string) {
  return isIP(host) ? implicit(7, addressBytes(host)) : implicit(2, Buffer.from(host, 'ascii'));
}

function addressBytes(address: string) {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every IPv6 address the same way: hexadecimal groups, at most one "::", no dotted end.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - first.length - last.length).fill(0);
  return Buffer.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]));
}

/** RFC 5280 section 4.2.1.2: any unique value will do. */
function identifierOf(publicKey: KeyObject) {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
}
