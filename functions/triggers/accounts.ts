import { addAccount } from '../accounts/add-account.ts';
import { changeAccount } from '../accounts/change-account.ts';
import { connectAccount } from '../accounts/connect-account.ts';
import { connectApplication } from '../accounts/connect-application.ts';
import { makeConnectLink, removeConnectLink } from '../accounts/connect-link.ts';
import { disconnectAccount } from '../accounts/disconnect-account.ts';
import { examineAccount } from '../health/examine-account.ts';
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
} from '../http/resource.ts';
import {
  accountBody,
  accountPatch,
  accountSchema,
  connectBody,
  connectionSchema,
  connectLinkBody,
  connectLinkSchema,
  toAccountView,
} from '../http/schemas/account-schema.ts';
import { reportLineSchema } from '../http/schemas/report-line-schema.ts';
import { reportSchema } from '../http/schemas/report-schema.ts';
import { demandUnused } from '../servers/demand-unused.ts';
import { wakeServers } from '../servers/wake-servers.ts';

const topic = 'Accounts';
const params = idParams('acc');

export const accountEndpoints = [
  endpoint({
    name: 'listAccounts',
    method: 'GET',
    route: 'v1/accounts',
    access: 'admin',
    topic,
    summary: 'All accounts',
    query: listQuery,
    status: 200,
    answer: listOf(accountSchema),
    async run(_call, { query }, services) {
      const { data, nextCursor } = pageOf(await services().accounts.list(), query, ({ id }) => id);
      return { body: { data: data.map(toAccountView), nextCursor } };
    },
  }),
  endpoint({
    name: 'addAccount',
    method: 'POST',
    route: 'v1/accounts',
    access: 'admin',
    topic,
    summary: 'Add an account, to be connected next',
    body: accountBody,
    status: 201,
    answer: accountSchema,
    async run(call, { body }, services) {
      const { value, etag } = await addAccount(call, body, services());
      return { headers: { etag, location: `/v1/accounts/${value.id}` }, body: toAccountView(value) };
    },
  }),
  endpoint({
    name: 'getAccount',
    method: 'GET',
    route: 'v1/accounts/{id}',
    access: 'admin',
    topic,
    summary: 'One account',
    params,
    status: 200,
    answer: accountSchema,
    async run(_call, { params: { id } }, services) {
      const { value, etag } = await require(services().accounts, id);
      return shown(toAccountView(value), etag);
    },
  }),
  endpoint({
    name: 'changeAccount',
    method: 'PATCH',
    route: 'v1/accounts/{id}',
    access: 'admin',
    topic,
    summary: 'Change who may sign in; who has signed in and is not named any more is disconnected',
    params,
    headers: ifMatch,
    body: accountPatch,
    status: 200,
    answer: accountSchema,
    async run(_call, input, services) {
      const stored = await require(services().accounts, input.params.id);
      const guarded = { value: stored.value, etag: guardOf(input, stored) };
      const { value, etag } = await changeAccount(guarded, input.body, services());
      return shown(toAccountView(value), etag);
    },
  }),
  endpoint({
    name: 'removeAccount',
    method: 'DELETE',
    route: 'v1/accounts/{id}',
    access: 'admin',
    topic,
    summary: 'Remove an account that no server uses',
    params,
    headers: ifMatch,
    status: 204,
    async run(_call, input, services) {
      const { accounts, secrets, connectLinks, outgoingServers, incomingServers } = services();
      const stored = await require(accounts, input.params.id);
      const servers = [...(await outgoingServers.list()), ...(await incomingServers.list())];
      demandUnused(
        stored.value.id,
        servers.map(({ value }) => value),
      );
      const guarded = { value: stored.value, etag: guardOf(input, stored) };
      const empty = await disconnectAccount(guarded, { accounts, secrets });
      await removeConnectLink(empty.value.id, connectLinks);
      await removeStored(accounts, empty.value.id, empty.etag);
      return { body: undefined };
    },
  }),
  endpoint({
    name: 'connectAccount',
    method: 'POST',
    route: 'v1/accounts/{id}/connect',
    access: 'admin',
    topic,
    summary:
      'Start the sign-in; open authorizeUrl in the browser of the mailbox owner. With application access: connect',
    params,
    body: connectBody,
    status: 200,
    answer: connectionSchema,
    async run(call, { params: { id }, body }, services) {
      const { value } = await require(services().accounts, id);
      if (value.access !== 'application') return { body: await connectAccount(call, value, services(), body.returnTo) };
      const { account, ...found } = await connectApplication(call, value, services());
      await wakeServers(account.id, services());
      return { body: { account: toAccountView(account), ...found } };
    },
  }),
  endpoint({
    name: 'testAccount',
    method: 'POST',
    route: 'v1/accounts/{id}/test',
    access: 'admin',
    topic,
    summary: 'Test sign-in, IMAP and SMTP leg by leg; nothing is sent, nothing in the mailbox changes',
    params,
    headers: linesHeader,
    status: 200,
    answer: reportSchema,
    lines: reportLineSchema,
    async run(call, { params: { id }, header }, services) {
      const { value } = await require(services().accounts, id);
      return reportAnswer(call, { header, path: `/v1/accounts/${id}/test` }, (tell) =>
        examineAccount(call, value, services(), tell),
      );
    },
  }),
  endpoint({
    name: 'makeConnectLink',
    method: 'POST',
    route: 'v1/accounts/{id}/connect-link',
    access: 'admin',
    topic,
    summary: 'Make a link with which the owner of the mailbox connects it; the one before ends',
    params,
    body: connectLinkBody,
    status: 200,
    answer: connectLinkSchema,
    async run(call, { params: { id }, body }, services) {
      const { value } = await require(services().accounts, id);
      return { body: await makeConnectLink(call, value, body.expiresInHours, services()) };
    },
  }),
  endpoint({
    name: 'disconnectAccount',
    method: 'POST',
    route: 'v1/accounts/{id}/disconnect',
    access: 'admin',
    topic,
    summary: 'Forget the tokens of an account',
    params,
    status: 200,
    answer: accountSchema,
    async run(_call, { params: { id } }, services) {
      const stored = await disconnectAccount(await require(services().accounts, id), services());
      return shown(toAccountView(stored.value), stored.etag);
    },
  }),
];

register(accountEndpoints);
