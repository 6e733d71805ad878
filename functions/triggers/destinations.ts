import { addDestination } from '../events/add-destination.ts';
import { changeDestination } from '../events/change-destination.ts';
import { secretsOf } from '../events/destination.ts';
import { rotateSecret } from '../events/rotate-secret.ts';
import { testDestination } from '../events/test-destination.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import {
  guardOf,
  idParams,
  ifMatch,
  listOf,
  listQuery,
  pageOf,
  removeStored,
  require,
  shown,
} from '../http/resource.ts';
import {
  destinationBody,
  destinationPatch,
  destinationSchema,
  destinationTestSchema,
  newDestinationSchema,
  rotateBody,
  rotatedSchema,
  toDestinationView,
} from '../http/schemas/destination-schema.ts';
import { demandNotNamed } from '../servers/demand-unused.ts';

const topic = 'Destinations';
const params = idParams('dst');

export const destinationEndpoints = [
  endpoint({
    name: 'listDestinations',
    method: 'GET',
    route: 'v1/destinations',
    access: 'admin',
    topic,
    summary: 'All destinations',
    query: listQuery,
    status: 200,
    answer: listOf(destinationSchema),
    async run(_call, { query }, services) {
      const { destinations, destinationStates } = services();
      const [stored, states] = await Promise.all([destinations.list(), destinationStates.list()]);
      const { data, nextCursor } = pageOf(stored, query, ({ id }) => id);
      return { body: { data: data.map((each) => toDestinationView(each, states.get(each.id))), nextCursor } };
    },
  }),
  endpoint({
    name: 'addDestination',
    method: 'POST',
    route: 'v1/destinations',
    access: 'admin',
    topic,
    summary: 'Add a webhook, a storage queue or an Odoo database; the answer has the signing secret of a webhook, once',
    body: destinationBody,
    status: 201,
    answer: newDestinationSchema,
    async run(call, { body }, services) {
      const { stored, secret } = await addDestination(call, body, services());
      const { value, etag } = stored;
      return {
        headers: { etag, location: `/v1/destinations/${value.id}` },
        body: { ...toDestinationView(value, undefined), ...(secret !== undefined && { secret: secret.reveal() }) },
      };
    },
  }),
  endpoint({
    name: 'getDestination',
    method: 'GET',
    route: 'v1/destinations/{id}',
    access: 'admin',
    topic,
    summary: 'One destination',
    params,
    status: 200,
    answer: destinationSchema,
    async run(_call, { params: { id } }, services) {
      const { value, etag } = await require(services().destinations, id);
      return shown(toDestinationView(value, await services().destinationStates.get(id)), etag);
    },
  }),
  endpoint({
    name: 'changeDestination',
    method: 'PATCH',
    route: 'v1/destinations/{id}',
    access: 'admin',
    topic,
    summary: 'Change some fields of a destination, or enable or disable it',
    headers: ifMatch,
    params,
    body: destinationPatch,
    status: 200,
    answer: destinationSchema,
    async run(_call, input, services) {
      const { destinations, destinationStates, queues } = services();
      const stored = await require(destinations, input.params.id);
      const guarded = { value: stored.value, etag: guardOf(input, stored) };
      const changed = await changeDestination(guarded, input.body, services());
      // What waited for this is due.
      await queues.deliver(changed.value.id);
      return shown(toDestinationView(changed.value, await destinationStates.get(changed.value.id)), changed.etag);
    },
  }),
  endpoint({
    name: 'removeDestination',
    method: 'DELETE',
    route: 'v1/destinations/{id}',
    access: 'admin',
    topic,
    summary: 'Remove a destination that no incoming server names',
    headers: ifMatch,
    params,
    status: 204,
    async run(_call, input, services) {
      const { destinations, secrets, incomingServers, queues } = services();
      const stored = await require(destinations, input.params.id);
      const { id } = stored.value;
      const servers = (await incomingServers.list()).map(({ value }) => value);
      demandNotNamed(id, servers);
      await removeStored(destinations, id, guardOf(input, stored));
      for (const name of secretsOf(stored.value)) await secrets.remove(name);
      // What is still on its way there is given up by the deliverer.
      await queues.deliver(id);
      return { body: undefined };
    },
  }),
  endpoint({
    name: 'testDestination',
    method: 'POST',
    route: 'v1/destinations/{id}/test',
    access: 'admin',
    topic,
    summary: 'Hand it a destination.test event now, and see what it says',
    params,
    status: 200,
    answer: destinationTestSchema,
    async run(call, { params: { id } }, services) {
      const { value } = await require(services().destinations, id);
      return { body: await testDestination(call, value, services()) };
    },
  }),
  endpoint({
    name: 'rotateDestinationSecret',
    method: 'POST',
    route: 'v1/destinations/{id}/rotate-secret',
    access: 'admin',
    topic,
    summary: 'Give a webhook another signing secret, shown once; for a time both sign',
    headers: ifMatch,
    params,
    body: rotateBody,
    status: 200,
    answer: rotatedSchema,
    async run(call, input, services) {
      const { destinations, destinationStates } = services();
      const found = await require(destinations, input.params.id);
      const guarded = { value: found.value, etag: guardOf(input, found) };
      const { stored, secret } = await rotateSecret(call, guarded, input.body.overlapHours, services());
      const { value, etag } = stored;
      const view = toDestinationView(value, await destinationStates.get(value.id));
      return shown({ ...view, secret: secret.reveal() }, etag);
    },
  }),
];

register(destinationEndpoints);
