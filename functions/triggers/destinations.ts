import * as z from 'zod';
import { addDestination } from '../events/add-destination.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import {
  guardOf,
  idParams,
  ifMatch,
  listOf,
  listQuery,
  pageOf,
  pageQuery,
  removeStored,
  require,
  shown,
} from '../http/resource.ts';
import {
  destinationBody,
  destinationPatch,
  destinationSchema,
  newDestinationSchema,
  toDestinationView,
} from '../http/schemas/destination-schema.ts';
import { deliverySchema } from '../http/schemas/received-schema.ts';
import { demandNotNamed } from '../servers/demand-unused.ts';
import { withChanges } from '../shared/with-changes.ts';

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
    summary: 'Add a webhook; the answer has its signing secret, once',
    body: destinationBody,
    status: 201,
    answer: newDestinationSchema,
    async run(call, { body }, services) {
      const { stored, secret } = await addDestination(call, body, services());
      const { value, etag } = stored;
      return {
        headers: { etag, location: `/v1/destinations/${value.id}` },
        body: { ...toDestinationView(value, undefined), secret: secret.reveal() },
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
    summary: 'Change the name or the URL of a destination',
    headers: ifMatch,
    params,
    body: destinationPatch,
    status: 200,
    answer: destinationSchema,
    async run(_call, input, services) {
      const { destinations, destinationStates } = services();
      const stored = await require(destinations, input.params.id);
      const changed = await destinations.replace(
        stored.value.id,
        withChanges(stored.value, input.body),
        guardOf(input, stored),
      );
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
      const { id, secretName } = stored.value;
      const servers = (await incomingServers.list()).map(({ value }) => value);
      demandNotNamed(id, servers);
      await removeStored(destinations, id, guardOf(input, stored));
      await secrets.remove(secretName);
      // What is still on its way there is given up by the deliverer.
      await queues.deliver(id);
      return { body: undefined };
    },
  }),
  endpoint({
    name: 'listDeliveries',
    method: 'GET',
    route: 'v1/deliveries',
    access: 'admin',
    topic,
    summary: 'Deliveries, newest first',
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(['pending', 'delivered', 'parked']).optional(),
      destination: z
        .string()
        .regex(/^dst_[0-9a-z]{10}$/, 'must be the id of a destination')
        .optional(),
    }),
    status: 200,
    answer: listOf(deliverySchema),
    async run(_call, { query: { destination, ...query } }, services) {
      const { destinations, deliveries } = services();
      const owners =
        destination === undefined ? (await destinations.list()).map(({ value }) => value.id) : [destination];
      return { body: await deliveries.list({ ...query, owners }) };
    },
  }),
];

register(destinationEndpoints);
