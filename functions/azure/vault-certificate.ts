import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import type { SecretStore } from '../shared/secret-store.ts';

/** A certificate with its private key. */
export interface VaultCertificate {
  readonly privateKey: KeyObject;
  /** The certificate itself, then those that lead to its authority, PEM. */
  readonly chain: string;
  /** SHA-256, hexadecimal. */
  readonly thumbprint: string;
  readonly expiresAt: Date;
}

/** A certificate that was renewed in the vault is in use this long after, on every instance. */
const rememberFor = 5 * 60_000;

/**
 * Reads certificates of the key vault through the secret that a vault keeps beside each. While the vault does not answer,
 * the one that was read before goes on.
 */
export function createVaultCertificates(secrets: SecretStore): (name: string) => Promise<VaultCertificate> {
  const remembered = new Map<string, { readonly certificate: VaultCertificate; readonly at: number }>();

  return async (name) => {
    const known = remembered.get(name);
    if (known !== undefined && Date.now() - known.at < rememberFor) return known.certificate;
    try {
      const stored = await secrets.get(name);
      if (stored === undefined) throw unusable(name, 'is not in the key vault');
      const certificate = parseCertificate(name, stored.secret);
      remembered.set(name, { certificate, at: Date.now() });
      return certificate;
    } catch (thrown) {
      if (known !== undefined && toGatewayError(thrown).code === 'secrets-unavailable') return known.certificate;
      throw thrown;
    }
  };
}

/** @throws GatewayError `app-credential-refused` */
function parseCertificate(name: string, secret: Secret): VaultCertificate {
  const text = secret.reveal();
  const key = /-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]+-----END (?:RSA )?PRIVATE KEY-----/.exec(text)?.[0];
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (key === undefined || certificates.length === 0) throw unusable(name, 'is not in PEM form, with its private key');
  try {
    const privateKey = createPrivateKey(key);
    const chain = certificates.map((pem) => ({ pem, certificate: new X509Certificate(pem) }));
    const own = chain.find(({ certificate }) => certificate.checkPrivateKey(privateKey));
    if (own === undefined) throw unusable(name, 'does not belong to the private key beside it');
    return {
      privateKey,
      chain: [own, ...chain.filter((each) => each !== own)].map(({ pem }) => pem).join('\n'),
      thumbprint: own.certificate.fingerprint256.replaceAll(':', ''),
      expiresAt: new Date(own.certificate.validTo),
    };
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    // What OpenSSL says may quote what it read.
    throw unusable(name, 'cannot be read');
  }
}

function unusable(name: string, why: string): GatewayError {
  return new GatewayError('app-credential-refused', `The certificate ${name} ${why}.`, {
    data: {
      remedy: `Make an RSA certificate ${name} with an exportable key and the content type application/x-pem-file in the vault, and give its public part to the application.`,
    },
  });
}
