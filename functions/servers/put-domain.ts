import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { MailDomain } from './mail-domain.ts';

/** Sets a mail domain, new or known. @throws GatewayError `precondition-failed` */
export async function putDomain(
  domain: MailDomain,
  ifMatch: string | undefined,
  domains: Collection<MailDomain>,
): Promise<Stored<MailDomain>> {
  const before = await domains.get(domain.domain);
  // `*` asks for any version, but for one (RFC 9110 13.1.1).
  if (ifMatch !== undefined && (before === undefined || (ifMatch !== '*' && ifMatch !== before.etag))) {
    throw new GatewayError('precondition-failed', `${domain.domain} was changed or removed since you read it.`);
  }
  return before === undefined
    ? domains.add(domain.domain, domain)
    : domains.replace(domain.domain, domain, before.etag);
}
