import { makeApiKey } from '../access/api-key.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import {
  demandReferences,
  guardOf,
  idParams,
  listOf,
  listQuery,
  pageOf,
  removeStored,
  require,
  ifMatch,
} from '../http/resource.ts';
import { apiKeyBody, apiKeySchema, newApiKeySchema, toApiKeyView } from '../http/schemas/api-key-schema.ts';

const topic = 'API keys';

export const apiKeyEndpoints = [
  endpoint({
    name: 'listApiKeys',
    method: 'GET',
    route: 'v1/api-keys',
    access: 'admin',
    topic,
    summary: 'All API keys, without the keys themselves',
    query: listQuery,
    status: 200,
    answer: listOf(apiKeySchema),
    async run(_call, { query }, services) {
      const { data, nextCursor } = pageOf(await services().apiKeys.list(), query, ({ id }) => id);
      return { body: { data: data.map(toApiKeyView), nextCursor } };
    },
  }),
  endpoint({
    name: 'addApiKey',
    method: 'POST',
    route: 'v1/api-keys',
    access: 'admin',
    topic,
    summary: 'Make an API key; the answer has it, once',
    body: apiKeyBody,
    status: 201,
    answer: newApiKeySchema,
    async run(call, { body }, services) {
      const { apiKeys, incomingServers } = services();
      await demandReferences({ '/incomingServers': body.incomingServers ?? [] }, incomingServers);
      const { row, key } = makeApiKey(body, call.now());
      const { value } = await apiKeys.add(row.id, row);
      return { headers: { location: '/v1/api-keys' }, body: { ...toApiKeyView(value), key: key.reveal() } };
    },
  }),
  endpoint({
    name: 'removeApiKey',
    method: 'DELETE',
    route: 'v1/api-keys/{id}',
    access: 'admin',
    topic,
    summary: 'Withdraw an API key, at once',
    params: idParams('key'),
    headers: ifMatch,
    status: 204,
    async run(_call, input, services) {
      const { apiKeys } = services();
      const stored = await require(apiKeys, input.params.id);
      await removeStored(apiKeys, stored.value.id, guardOf(input, stored));
      return { body: undefined };
    },
  }),
];

register(apiKeyEndpoints);
