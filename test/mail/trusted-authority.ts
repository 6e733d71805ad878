import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificateAuthority, type CertificateAuthority } from '../../dev/certificates.ts';

/** A certificate authority that this process trusts from now on. */
export async function trustedAuthority(): Promise<CertificateAuthority> {
  const authority = await createCertificateAuthority();
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  return authority;
}
