import type { Collection, Stored } from '../shared/collection.ts';
import { demandMatch } from '../shared/demand-match.ts';
import type { MailDomain } from './mail-domain.ts';

/** Sets a mail domain, new or known. @throws GatewayError `precondition-failed` */
export async function putDomain(
  domain: MailDomain,
  ifMatch: string | undefined,
  domains: Collection<MailDomain>,
): Promise<Stored<MailDomain>> {
  const before = await domains.get(domain.domain);
  demandMatch(ifMatch, before, `${domain.domain} was changed or removed since you read it.`);
  return before === undefined
    ? domains.add(domain.domain, domain)
    : domains.replace(domain.domain, domain, before.etag);
}
