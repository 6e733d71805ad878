// @peculiar/x509 finds its parts through this.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

export interface RsaCertificate {
  /** The certificate alone, PEM: what is uploaded to an application. */
  readonly certificate: string;
  /** Private key and certificate, PEM: what a key vault keeps beside a certificate. */
  readonly withKey: string;
}

/** A self-signed certificate, as a key vault makes it. */
export async function makeRsaCertificate(notAfter: Date): Promise<RsaCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: 'CN=Postern', keys, signingAlgorithm: algorithm, serialNumber: `01${randomBytes(15).toString('hex')}` },
    ...{ notBefore: new Date(notAfter.getTime() - 365 * 86_400_000), notAfter },
  });
  const certificate = made.toString('pem');
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { certificate, withKey: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n${certificate}\n` };
}
