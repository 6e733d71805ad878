import type * as z from 'zod';
import { connectAccount } from '../accounts/connect-account.ts';
import { examineOutgoingServer } from '../health/examine-outgoing-server.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { linesHeader, reportAnswer } from '../http/report-answer.ts';
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
  unknownReference,
} from '../http/resource.ts';
import { connectBody, connectionSchema } from '../http/schemas/account-schema.ts';
import { reportLineSchema } from '../http/schemas/report-line-schema.ts';
import { reportSchema } from '../http/schemas/report-schema.ts';
import { routeBody, routeSchema, toRouteView } from '../http/schemas/route-schema.ts';
import {
  outgoingServerBody,
  outgoingServerPatch,
  outgoingServerSchema,
  toOutgoingView,
} from '../http/schemas/server-schemas.ts';
import { routeMessage } from '../messages/route-message.ts';
import { addOutgoingServer, addPasswordOutgoingServer } from '../servers/add-outgoing-server.ts';
import { accountToConnect } from '../servers/authentication.ts';
import { changeOutgoingServer } from '../servers/change-outgoing-server.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import { rememberServer } from '../servers/removed-server.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { forgetSecret } from '../shared/forget-secret.ts';
import { demandNothingLeft } from '../messages/demand-nothing-left.ts';

const topic = 'Outgoing servers';
const params = idParams('out');

async function show({ value, etag }: Stored<OutgoingServer>, { outgoingStates, tests }: Services) {
  const [state, test] = await Promise.all([outgoingStates.get(value.id), tests.get(value.id)]);
  return shown(toOutgoingView(value, state, test), etag);
}

export const outgoingServerEndpoints = [
  endpoint({
    name: 'listOutgoingServers',
    method: 'GET',
    route: 'v1/outgoing-servers',
    access: 'admin',
    topic,
    summary: 'All outgoing servers',
    query: listQuery,
    status: 200,
    answer: listOf(outgoingServerSchema),
    async run(_call, { query }, services) {
      const { outgoingServers, outgoingStates, tests } = services();
      const [servers, states, tested] = await Promise.all([
        outgoingServers.list(),
        outgoingStates.list(),
        tests.list(),
      ]);
      const { data, nextCursor } = pageOf(servers, query, ({ id }) => id);
      const views = data.map((server) => toOutgoingView(server, states.get(server.id), tested.get(server.id)));
      return { body: { data: views, nextCursor } };
    },
  }),
  endpoint({
    name: 'addOutgoingServer',
    method: 'POST',
    route: 'v1/outgoing-servers',
    access: 'admin',
    topic,
    summary: 'Add a way to send',
    body: outgoingServerBody,
    status: 201,
    answer: outgoingServerSchema,
    async run(call, { body }, services) {
      const { value, etag } = await add(call, body, services());
      return {
        headers: { etag, location: `/v1/outgoing-servers/${value.id}` },
        body: toOutgoingView(value, undefined, undefined),
      };
    },
  }),
  endpoint({
    name: 'getOutgoingServer',
    method: 'GET',
    route: 'v1/outgoing-servers/{id}',
    access: 'admin',
    topic,
    summary: 'One outgoing server',
    params,
    status: 200,
    answer: outgoingServerSchema,
    async run(_call, { params: { id } }, services) {
      return show(await require(services().outgoingServers, id), services());
    },
  }),
  endpoint({
    name: 'changeOutgoingServer',
    method: 'PATCH',
    route: 'v1/outgoing-servers/{id}',
    access: 'admin',
    topic,
    summary: 'Change some fields of an outgoing server',
    headers: ifMatch,
    params,
    body: outgoingServerPatch,
    status: 200,
    answer: outgoingServerSchema,
    async run(call, input, services) {
      const { outgoingServers, accounts, queues } = services();
      const stored = await require(outgoingServers, input.params.id);
      const { account } = input.body;
      if (account !== undefined && (await accounts.get(account)) === undefined)
        throw unknownReference('/account', account);
      const guarded = { value: stored.value, etag: guardOf(input, stored) };
      const changed = await changeOutgoingServer(call, guarded, input.body, services());
      // What could not be sent may be sent now.
      await queues.send(changed.value.id);
      return show(changed, services());
    },
  }),
  endpoint({
    name: 'removeOutgoingServer',
    method: 'DELETE',
    route: 'v1/outgoing-servers/{id}',
    access: 'admin',
    topic,
    summary: 'Remove an outgoing server that has nothing left to send',
    headers: ifMatch,
    params,
    status: 204,
    async run(call, input, services) {
      const { outgoingServers, removedServers, messages, secrets } = services();
      const stored = await require(outgoingServers, input.params.id);
      await demandNothingLeft(stored.value.id, messages);
      await rememberServer(stored.value, call.now(), removedServers);
      await removeStored(outgoingServers, stored.value.id, guardOf(input, stored));
      if (stored.value.passwordSecret !== undefined) await forgetSecret(call, stored.value.passwordSecret, secrets);
      return { body: undefined };
    },
  }),
  endpoint({
    name: 'connectOutgoingServer',
    method: 'POST',
    route: 'v1/outgoing-servers/{id}/connect',
    access: 'admin',
    topic,
    summary: "Start the sign-in of the server's account",
    params,
    body: connectBody,
    status: 200,
    answer: connectionSchema,
    async run(call, { params: { id }, body }, services) {
      const { value } = await require(services().outgoingServers, id);
      const account = await require(services().accounts, accountToConnect(value));
      return { body: await connectAccount(call, account.value, services(), body.returnTo) };
    },
  }),
  endpoint({
    name: 'testOutgoingServer',
    method: 'POST',
    route: 'v1/outgoing-servers/{id}/test',
    access: 'admin',
    topic,
    summary: 'Test it leg by leg, as far as naming the sender; nothing is sent',
    params,
    headers: linesHeader,
    status: 200,
    answer: reportSchema,
    lines: reportLineSchema,
    async run(call, { params: { id }, header }, services) {
      const { value } = await require(services().outgoingServers, id);
      return reportAnswer(call, { header, path: `/v1/outgoing-servers/${id}/test` }, (tell) =>
        examineOutgoingServer(call, value, services(), tell),
      );
    },
  }),
  endpoint({
    name: 'resolveOutgoingServer',
    method: 'POST',
    route: 'v1/outgoing-servers/resolve',
    access: 'admin',
    topic,
    summary: 'Which server would send as this From, as whom, and why',
    body: routeBody,
    status: 200,
    answer: routeSchema,
    async run(call, { body }, services) {
      const [servers, domains] = await Promise.all([services().outgoingServers.list(), services().domains.list()]);
      const route = routeMessage(
        call.caller,
        body,
        servers.map(({ value }) => value),
        domains.map(({ value }) => value),
      );
      return { body: toRouteView(route) };
    },
  }),
];

async function add(
  call: Call,
  body: z.output<typeof outgoingServerBody>,
  services: Services,
): Promise<Stored<OutgoingServer>> {
  if (body.auth === 'password') return addPasswordOutgoingServer(call, body, services);
  const account = await services.accounts.get(body.account);
  if (account === undefined) throw unknownReference('/account', body.account);
  return addOutgoingServer(call, body, account.value, services);
}

register(outgoingServerEndpoints);
