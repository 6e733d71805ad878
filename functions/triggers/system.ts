import * as z from 'zod';
import { createHealthCheck } from '../health/check-health.ts';
import { readStatistics } from '../health/read-statistics.ts';
import { readStatus } from '../health/read-status.ts';
import { docsPage } from '../http/docs-page.ts';
import { endpoint, type Endpoint } from '../http/endpoint.ts';
import { toOpenApi } from '../http/openapi.ts';
import { pageHeaders } from '../http/pages.ts';
import { register } from '../http/register.ts';
import { statisticsSchema } from '../http/schemas/statistics-schema.ts';
import { statusSchema } from '../http/schemas/status-schema.ts';
import { getServices } from '../services.ts';
import { accountEndpoints } from './accounts.ts';
import { apiKeyEndpoints } from './api-keys.ts';
import { appEndpoints } from './app.ts';
import { confirmEndpoints } from './confirm.ts';
import { connectEndpoints } from './connect.ts';
import { consoleSessionEndpoints } from './console-session.ts';
import { consoleSignInEndpoints } from './console-sign-in.ts';
import { deliveryEndpoints } from './deliveries.ts';
import { destinationEndpoints } from './destinations.ts';
import { domainEndpoints } from './domains.ts';
import { incomingRuleEndpoints } from './incoming-rules.ts';
import { incomingServerEndpoints } from './incoming-servers.ts';
import { messageEndpoints } from './messages.ts';
import { outgoingServerEndpoints } from './outgoing-servers.ts';
import { receivedEndpoints } from './received.ts';

const topic = 'System';
// Those who watch over us do not wait for long.
const checkHealth = createHealthCheck(getServices, () => AbortSignal.timeout(4_000));

const systemEndpoints = [
  endpoint({
    name: 'health',
    method: 'GET',
    route: 'health',
    access: 'public',
    topic,
    summary: 'Whether Postern itself can work; nothing about mailboxes',
    status: 200,
    refusals: [503],
    answer: z.object({
      status: z.enum(['ok', 'failing']),
      parts: z.array(z.object({ name: z.string(), detail: z.string() })).optional(),
    }),
    async run(call) {
      const parts = await checkHealth(call.now());
      return parts.length === 0
        ? { body: { status: 'ok' as const } }
        : { status: 503, body: { status: 'failing' as const, parts } };
    },
  }),
  endpoint({
    name: 'status',
    method: 'GET',
    route: 'v1/status',
    access: 'admin',
    topic,
    summary: 'How every account, server and destination is doing',
    status: 200,
    answer: statusSchema,
    run: async (call, _input, services) => ({ body: await readStatus(call, services()) }),
  }),
  endpoint({
    name: 'statistics',
    method: 'GET',
    route: 'v1/statistics',
    access: 'admin',
    topic,
    summary: 'What was sent and received, hour by hour; counted when it is asked for',
    query: z.strictObject({ period: z.enum(['day', 'week']).default('day') }),
    status: 200,
    answer: statisticsSchema,
    async run(call, { query: { period } }, services) {
      return { body: await readStatistics(call, period === 'day' ? 24 : 7 * 24, services()) };
    },
  }),
  endpoint({
    name: 'openapi',
    method: 'GET',
    route: 'openapi.json',
    access: 'public',
    topic,
    summary: 'This API as OpenAPI 3.1',
    status: 200,
    answer: z.record(z.string(), z.unknown()),
    run: (_call, _input, services) => Promise.resolve({ body: toOpenApi(allEndpoints, services().publicUrl) }),
  }),
  endpoint({
    name: 'docs',
    method: 'GET',
    route: 'docs',
    access: 'public',
    topic,
    summary: 'This API as a page',
    status: 200,
    answer: { contentType: 'text/html; charset=utf-8' },
    run: () => Promise.resolve({ headers: pageHeaders, body: docsPage(allEndpoints) }),
  }),
];

/** Every call of the API, by topic. */
export const allEndpoints: readonly Endpoint[] = [
  ...messageEndpoints,
  ...receivedEndpoints,
  ...appEndpoints,
  ...accountEndpoints,
  ...outgoingServerEndpoints,
  ...incomingServerEndpoints,
  ...incomingRuleEndpoints,
  ...domainEndpoints,
  ...destinationEndpoints,
  ...deliveryEndpoints,
  ...apiKeyEndpoints,
  ...confirmEndpoints,
  ...connectEndpoints,
  ...consoleSessionEndpoints,
  ...consoleSignInEndpoints,
  ...systemEndpoints,
];

register(systemEndpoints);
