import type * as z from 'zod';
import { connectAccount } from '../accounts/connect-account.ts';
import { examineIncomingServer } from '../health/examine-incoming-server.ts';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { linesHeader, reportAnswer } from '../http/report-answer.ts';
import {
  demandReferences,
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
import { auditBody, auditSchema } from '../http/schemas/audit-schema.ts';
import { connectBody, connectionSchema } from '../http/schemas/account-schema.ts';
import { reportLineSchema } from '../http/schemas/report-line-schema.ts';
import { reportSchema } from '../http/schemas/report-schema.ts';
import { destinationLists } from '../http/schemas/rule-schema.ts';
import { foldersSchema } from '../http/schemas/folders-schema.ts';
import {
  incomingServerBody,
  incomingServerPatch,
  incomingServerSchema,
  toIncomingView,
} from '../http/schemas/server-schemas.ts';
import { auditOnDemand } from '../received/audit-on-demand.ts';
import { confirmIncomingServer } from '../received/confirm-incoming-server.ts';
import { listFolders } from '../received/list-folders.ts';
import { addIncomingServer, addPasswordIncomingServer } from '../servers/add-incoming-server.ts';
import { accountToConnect } from '../servers/authentication.ts';
import { changeIncomingServer } from '../servers/change-incoming-server.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { forgetSecret } from '../shared/forget-secret.ts';

const topic = 'Incoming servers';
const params = idParams('inc');

async function show({ value, etag }: Stored<IncomingServer>, { incomingStates, tests, audits }: Services) {
  const [state, test, audit] = await Promise.all([
    incomingStates.get(value.id),
    tests.get(value.id),
    audits.get(value.id),
  ]);
  return shown(toIncomingView(value, state, test, audit), etag);
}

export const incomingServerEndpoints = [
  endpoint({
    name: 'listIncomingServers',
    method: 'GET',
    route: 'v1/incoming-servers',
    access: 'admin',
    topic,
    summary: 'All incoming servers',
    query: listQuery,
    status: 200,
    answer: listOf(incomingServerSchema),
    async run(_call, { query }, services) {
      const { incomingServers, incomingStates, tests, audits } = services();
      const [servers, states, tested, audited] = await Promise.all([
        incomingServers.list(),
        incomingStates.list(),
        tests.list(),
        audits.list(),
      ]);
      const { data, nextCursor } = pageOf(servers, query, ({ id }) => id);
      const views = data.map((server) =>
        toIncomingView(server, states.get(server.id), tested.get(server.id), audited.get(server.id)),
      );
      return { body: { data: views, nextCursor } };
    },
  }),
  endpoint({
    name: 'addIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers',
    access: 'admin',
    topic,
    summary: 'Add a mailbox to read; confirm it next',
    body: incomingServerBody,
    status: 201,
    answer: incomingServerSchema,
    async run(call, { body }, services) {
      await demandReferences(destinationLists(body), services().destinations);
      const { value, etag } = await add(call, body, services());
      return {
        headers: { etag, location: `/v1/incoming-servers/${value.id}` },
        body: toIncomingView(value, undefined, undefined, undefined),
      };
    },
  }),
  endpoint({
    name: 'getIncomingServer',
    method: 'GET',
    route: 'v1/incoming-servers/{id}',
    access: 'admin',
    topic,
    summary: 'One incoming server',
    params,
    status: 200,
    answer: incomingServerSchema,
    async run(_call, { params: { id } }, services) {
      return show(await require(services().incomingServers, id), services());
    },
  }),
  endpoint({
    name: 'changeIncomingServer',
    method: 'PATCH',
    route: 'v1/incoming-servers/{id}',
    access: 'admin',
    topic,
    summary: 'Change some fields of an incoming server; where or as whom it logs in makes it a draft',
    headers: ifMatch,
    params,
    body: incomingServerPatch,
    status: 200,
    answer: incomingServerSchema,
    async run(call, input, services) {
      const { incomingServers, accounts, destinations } = services();
      const stored = await require(incomingServers, input.params.id);
      const { account } = input.body;
      if (account !== undefined && (await accounts.get(account)) === undefined)
        throw unknownReference('/account', account);
      await demandReferences(destinationLists(input.body), destinations);
      const guarded = { value: stored.value, etag: guardOf(input, stored) };
      return show(await changeIncomingServer(call, guarded, input.body, services()), services());
    },
  }),
  endpoint({
    name: 'removeIncomingServer',
    method: 'DELETE',
    route: 'v1/incoming-servers/{id}',
    access: 'admin',
    topic,
    summary: 'Remove an incoming server; what it received stays',
    headers: ifMatch,
    params,
    status: 204,
    async run(call, input, services) {
      const { incomingServers, secrets } = services();
      const stored = await require(incomingServers, input.params.id);
      await removeStored(incomingServers, stored.value.id, guardOf(input, stored));
      if (stored.value.passwordSecret !== undefined) await forgetSecret(call, stored.value.passwordSecret, secrets);
      return { body: undefined };
    },
  }),
  endpoint({
    name: 'connectIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/connect',
    access: 'admin',
    topic,
    summary: "Start the sign-in of the server's account",
    params,
    body: connectBody,
    status: 200,
    answer: connectionSchema,
    async run(call, { params: { id }, body }, services) {
      const { value } = await require(services().incomingServers, id);
      const account = await require(services().accounts, accountToConnect(value));
      return { body: await connectAccount(call, account.value, services(), body.returnTo) };
    },
  }),
  endpoint({
    name: 'testIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/test',
    access: 'admin',
    topic,
    summary: 'Test it leg by leg; nothing in the mailbox and nothing about the server changes',
    params,
    headers: linesHeader,
    status: 200,
    answer: reportSchema,
    lines: reportLineSchema,
    async run(call, { params: { id }, header }, services) {
      const { value } = await require(services().incomingServers, id);
      return reportAnswer(
        call,
        { header, path: `/v1/incoming-servers/${id}/test` },
        async (tell) => (await examineIncomingServer(call, value, services(), tell)).report,
      );
    },
  }),
  endpoint({
    name: 'listFolders',
    method: 'GET',
    route: 'v1/incoming-servers/{id}/folders',
    access: 'admin',
    topic,
    summary: 'The folders of its mailbox, read from there; at most 1000',
    params,
    status: 200,
    answer: foldersSchema,
    async run(call, { params: { id } }, services) {
      const { value } = await require(services().incomingServers, id);
      return { body: { data: await listFolders(call, value, services()) } };
    },
  }),
  endpoint({
    name: 'confirmIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/confirm',
    access: 'admin',
    topic,
    summary: 'Test it, and read what arrives from now on',
    params,
    status: 200,
    answer: incomingServerSchema,
    async run(call, { params: { id } }, services) {
      const stored = await require(services().incomingServers, id);
      return show(await confirmIncomingServer(call, stored, services()), services());
    },
  }),
  endpoint({
    name: 'resetIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/reset',
    access: 'admin',
    topic,
    summary: 'Back to draft: nothing is read until it is confirmed again',
    params,
    status: 200,
    answer: incomingServerSchema,
    async run(_call, { params: { id } }, services) {
      const { incomingServers } = services();
      const { value, etag } = await require(incomingServers, id);
      return show(await incomingServers.replace(id, { ...value, state: 'draft' }, etag), services());
    },
  }),
  endpoint({
    name: 'fetchIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/fetch',
    access: 'admin',
    topic,
    summary: 'Read it now',
    params,
    status: 202,
    answer: incomingServerSchema,
    async run(_call, { params: { id } }, services) {
      const stored = await require(services().incomingServers, id);
      if (stored.value.state !== 'confirmed') {
        throw new GatewayError('conflict', `${id} is not confirmed.`, {
          data: { remedy: `Confirm it: POST /v1/incoming-servers/${id}/confirm.` },
        });
      }
      await services().queues.fetch([id]);
      return show(stored, services());
    },
  }),
  endpoint({
    name: 'auditIncomingServer',
    method: 'POST',
    route: 'v1/incoming-servers/{id}/audit',
    access: 'admin',
    topic,
    summary: 'Compare the mailbox with what was received, mail by mail; missing mail is read again if wanted',
    params,
    body: auditBody,
    status: 200,
    answer: auditSchema,
    async run(call, { params: { id }, body }, services) {
      const { value } = await require(services().incomingServers, id);
      return { body: await auditOnDemand(call, value, body?.repair ?? false, services()) };
    },
  }),
];

async function add(
  call: Call,
  body: z.output<typeof incomingServerBody>,
  services: Services,
): Promise<Stored<IncomingServer>> {
  if (body.auth === 'password') return addPasswordIncomingServer(call, body, services);
  const account = await services.accounts.get(body.account);
  if (account === undefined) throw unknownReference('/account', body.account);
  return addIncomingServer(call, body, account.value, services);
}

register(incomingServerEndpoints);
