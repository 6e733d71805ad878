// @peculiar/x509 finds its parts through this.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;

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
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  // A name of its own: OpenSSL is misled by two trusted authorities that share a name.
  const name = `CN=Postern laptop authority ${randomBytes(4).toString('hex')}`;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name, keys, signingAlgorithm: algorithm, serialNumber: serialNumber(), ...validity() },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  return {
    certificate: authority.toString('pem'),
    async issue(hosts) {
      const server = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        ...{ subject: `CN=${hosts[0] ?? 'localhost'}`, issuer: authority.subject, publicKey: server.publicKey },
        ...{ signingKey: keys.privateKey, signingAlgorithm: algorithm, serialNumber: serialNumber(), ...validity() },
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            hosts.map((host) => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }) as const),
          ),
          await x509.SubjectKeyIdentifierExtension.create(server.publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', server.privateKey));
      return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: certificate.toString('pem') };
    },
  };
}

/** Positive and without a leading zero: 01 before 15 random bytes. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

/** From an hour back, for clocks that differ a little. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 365 * 24 * hour) };
}
