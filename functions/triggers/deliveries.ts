import * as z from 'zod';
import { retryDeliveries, retryDelivery } from '../events/deliver-again.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { listOf, pageQuery, unknownReference } from '../http/resource.ts';
import { idSchema } from '../http/schemas/common-schemas.ts';
import { deliverySchema, retriedManySchema, retryManyBody } from '../http/schemas/received-schema.ts';

const topic = 'Deliveries';

export const deliveryEndpoints = [
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
      destination: idSchema('dst', 'a destination').optional(),
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
  endpoint({
    name: 'retryDelivery',
    method: 'POST',
    route: 'v1/deliveries/{id}/retry',
    access: 'admin',
    topic,
    summary: 'Deliver once more what was delivered or given up',
    params: z.strictObject({ id: z.string().meta({ examples: ['dlv_5k2m0q8rtz7zzzzzzzzz0123456789'] }) }),
    status: 200,
    answer: deliverySchema,
    async run(call, { params: { id } }, services) {
      return { body: await retryDelivery(call, id, services()) };
    },
  }),
  endpoint({
    name: 'retryDeliveries',
    method: 'POST',
    route: 'v1/deliveries/retry',
    access: 'admin',
    topic,
    summary: 'Make many deliveries to a destination once more, newest first, page by page',
    body: retryManyBody,
    status: 200,
    answer: retriedManySchema,
    async run(call, { body }, services) {
      if ((await services().destinations.get(body.destination)) === undefined)
        throw unknownReference('/destination', body.destination);
      return { body: await retryDeliveries(call, body, services()) };
    },
  }),
];

register(deliveryEndpoints);
