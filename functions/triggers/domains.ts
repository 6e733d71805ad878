import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { guardOf, ifMatch, listOf, listQuery, pageOf, removeStored, require, shown } from '../http/resource.ts';
import { domainBody, domainParams, domainSchema, toDomainView } from '../http/schemas/domain-schema.ts';
import { putDomain } from '../servers/put-domain.ts';

const topic = 'Domains';
const params = domainParams;

export const domainEndpoints = [
  endpoint({
    name: 'listDomains',
    method: 'GET',
    route: 'v1/domains',
    access: 'admin',
    topic,
    summary: 'All mail domains',
    query: listQuery,
    status: 200,
    answer: listOf(domainSchema),
    async run(_call, { query }, services) {
      const { data, nextCursor } = pageOf(await services().domains.list(), query, ({ domain }) => domain);
      return { body: { data: data.map(toDomainView), nextCursor } };
    },
  }),
  endpoint({
    name: 'getDomain',
    method: 'GET',
    route: 'v1/domains/{domain}',
    access: 'admin',
    topic,
    summary: 'One mail domain',
    params,
    status: 200,
    answer: domainSchema,
    async run(_call, { params: { domain } }, services) {
      const { value, etag } = await require(services().domains, domain);
      return shown(toDomainView(value), etag);
    },
  }),
  endpoint({
    name: 'putDomain',
    method: 'PUT',
    route: 'v1/domains/{domain}',
    access: 'admin',
    topic,
    summary: 'Set the notifications, bounce and catchall addresses of a mail domain',
    params,
    body: domainBody,
    headers: ifMatch,
    status: 200,
    answer: domainSchema,
    async run(_call, { params: { domain }, body, header }, services) {
      const { value, etag } = await putDomain({ domain, ...body }, header('if-match'), services().domains);
      return shown(toDomainView(value), etag);
    },
  }),
  endpoint({
    name: 'removeDomain',
    method: 'DELETE',
    route: 'v1/domains/{domain}',
    access: 'admin',
    topic,
    summary: 'Forget a mail domain',
    params,
    headers: ifMatch,
    status: 204,
    async run(_call, input, services) {
      const stored = await require(services().domains, input.params.domain);
      await removeStored(services().domains, stored.value.domain, guardOf(input, stored));
      return { body: undefined };
    },
  }),
];

register(domainEndpoints);
