import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver } from '../../dev/webhook-receiver.ts';
import { createBrowserSession, type BrowserSession } from '../support/browser-session.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { createAnswerJudge, type OpenApi, type Operation } from '../support/openapi.ts';

let flow: Flow;
let document: OpenApi;
const asked = new Map<string, Set<number>>();

beforeAll(async () => {
  flow = await startFlow();
  document = (await (await fetch(`${flow.url}/openapi.json`)).json()) as OpenApi;
});

function operationAt(method: string, path: string): Operation {
  const [bare = ''] = path.split('?');
  const fits = (route: string): boolean => new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare);
  const routes = Object.keys(document.paths).filter(
    (route) => fits(route) && method.toLowerCase() in (document.paths[route] ?? {}),
  );
  // `/v1/outgoing-servers/resolve` fits `/v1/outgoing-servers/{id}` too; the literal one is meant.
  const [route = ''] = routes.sort((a, b) => a.split('{').length - b.split('{').length);
  const operation = document.paths[route]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`The document knows no ${method} ${path}.`);
  return operation;
}

/** Asks, and holds the answer against the document. */
async function ask<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  { by = flow.api, headers = {} }: { by?: Pick<BrowserSession, 'ask'>; headers?: Record<string, string> } = {},
): Promise<T> {
  const answer = await by.ask<T>(method, path, body, headers);
  const operation = operationAt(method, path);
  const judge = createAnswerJudge(document);
  expect(judge(operation, answer.status, answer.headers.get('content-type') ?? '', answer.body)).toBeUndefined();
  asked.set(operation.operationId, (asked.get(operation.operationId) ?? new Set()).add(answer.status));
  return answer.body;
}

interface Created {
  readonly id: string;
}

describe('what is answered', () => {
  it('would be found out if it were something else', () => {
    const judge = createAnswerJudge(document);
    const operation = operationAt('GET', '/v1/api-keys');
    const createdAt = new Date().toISOString();
    const answer = (more: object) => ({
      data: [{ id: 'x', name: 'x', scopes: [], createdAt, ...more }],
      nextCursor: null,
    });
    expect(judge(operation, 200, 'application/json', answer({}))).toBeUndefined();
    expect(judge(operation, 200, 'application/json', answer({ hash: 'leaked' }))).toContain('hash');
    expect(judge(operation, 200, 'application/json', answer({ scopes: ['root'] }))).toContain('scopes');
    expect(judge(operation, 200, 'application/json', answer({ createdAt: 'now' }))).toContain('createdAt');
    expect(judge(operation, 204, '', '')).toContain('does not declare 204');
    expect(judge(operation, 200, 'text/html', '')).toContain('does not declare text/html');
    expect(judge(operation, 404, 'application/problem+json', { status: 404 })).toContain('title');
  });

  it('is what the document declares, through a whole life of a mail', async () => {
    const receiver = await startWebhookReceiver();
    await ask('GET', '/health');
    await ask('GET', '/openapi.json');
    await ask('GET', '/docs');
    await ask('GET', '/microsoft_outlook/confirm');
    await ask('GET', '/microsoft_outlook/connected');
    await ask('GET', '/v1/app');
    await ask('GET', '/v1/app/admin-consent');
    const ada = await flow.connect('ada@contoso.example');
    const grace = await flow.connect('grace@contoso.example');
    const shared = { address: 'support@contoso.example', kind: 'shared', delegate: 'ada@contoso.example' };
    const support = await ask<Created>('POST', '/v1/accounts', shared);
    for (const { id } of [ada, support]) await ask('GET', `/v1/accounts/${id}`);
    await ask('PATCH', `/v1/accounts/${support.id}`, { aliases: ['help@contoso.example'] });
    await ask('POST', `/v1/accounts/${support.id}/connect`);
    const link = new URL((await ask<{ url: string }>('POST', `/v1/accounts/${support.id}/connect-link`)).url);
    await ask('GET', link.pathname + link.search);
    await ask('POST', '/connect');
    await ask('POST', `/v1/accounts/${support.id}/disconnect`);
    await ask('GET', '/v1/accounts');

    await ask('PUT', '/v1/domains/contoso.example', {
      defaultFrom: 'ada',
      bounce: 'bounce',
      catchall: 'all@contoso.example',
    });
    await ask('GET', '/v1/domains/contoso.example');
    await ask('GET', '/v1/domains');
    const hook = { kind: 'webhook', name: 'Hook', url: receiver.url };
    const destination = await ask<Created>('POST', '/v1/destinations', hook);
    const outgoing = await ask<Created>('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id });
    const incoming = await ask<Created>('POST', '/v1/incoming-servers', {
      name: 'Grace',
      account: grace.id,
      destinations: [destination.id],
    });
    await ask('PATCH', `/v1/destinations/${destination.id}`, { name: 'Receiver' });
    await ask('PATCH', `/v1/outgoing-servers/${outgoing.id}`, { priority: 5 });
    await ask('PATCH', `/v1/incoming-servers/${incoming.id}`, { every: 5 });
    await ask('POST', `/v1/incoming-servers/${incoming.id}/confirm`);
    for (const [kind, { id }] of Object.entries({ outgoing, incoming })) {
      await ask('POST', `/v1/${kind}-servers/${id}/connect`);
      await ask('POST', `/v1/${kind}-servers/${id}/test`);
    }
    await ask('POST', `/v1/accounts/${ada.id}/test`);
    await ask('POST', `/v1/destinations/${destination.id}/test`);
    await ask('POST', `/v1/destinations/${destination.id}/rotate-secret`, {});
    await ask('POST', '/v1/outgoing-servers/resolve', { from: 'eve@contoso.example' });

    flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '550 5.1.1 User unknown' });
    const message = await ask<Created>('POST', '/v1/messages', {
      from: 'eve@contoso.example',
      to: ['nobody@contoso.example', 'grace@contoso.example'],
      subject: 'Hello',
      html: '<p>Hello</p>',
      attachments: [{ filename: 'a.bin', contentType: 'application/octet-stream', content: 'QQ==' }],
      tags: ['t'],
      metadata: { k: 'v' },
    });
    const isSent = () => until(async () => (await ask('GET', `/v1/messages/${message.id}`))['status'] === 'sent');
    await isSent();
    // Until the webhook was told it is not finished.
    await until(async () => (await ask('POST', `/v1/messages/${message.id}/retry`))['status'] === 'queued');
    await isSent();
    const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const messages = [{ to: 'grace@contoso.example', text: 'Later', scheduledAt: hoursFromNow(1) }];
    const batch = await ask<{ results: { message: Created }[] }>('POST', '/v1/messages/batch', { messages });
    const later = batch.results[0]?.message.id ?? '';
    await ask('PATCH', `/v1/messages/${later}`, { scheduledAt: hoursFromNow(2) });
    await ask('POST', `/v1/messages/${later}/cancel`);
    await ask('GET', '/v1/status');
    await ask('GET', '/v1/statistics?period=week');
    await ask('GET', `/v1/incoming-servers/${incoming.id}/folders`);
    await ask('POST', `/v1/incoming-servers/${incoming.id}/audit`);
    await ask('POST', `/v1/incoming-servers/${incoming.id}/fetch`);
    const received = await until(async () => (await ask<{ data: Created[] }>('GET', '/v1/received')).data[0]?.id);
    await ask('POST', `/v1/received/${received}/replay`);
    await ask('POST', '/v1/received/replay', { incomingServer: incoming.id, status: 'received' });
    await ask('POST', `/v1/received/${received}/drop`);
    await ask('POST', '/v1/received/drop', { incomingServer: incoming.id });
    await ask('POST', `/v1/incoming-servers/${incoming.id}/resolve`, { received });
    const delivered = await until(async () => {
      const { data } = await ask<{ data: Created[] }>('GET', '/v1/deliveries?status=delivered');
      return data[0]?.id;
    });
    await ask('POST', `/v1/deliveries/${delivered}/retry`);
    await ask('POST', '/v1/deliveries/retry', { destination: destination.id });
    await ask('GET', `/v1/received/${received}`);
    await ask('GET', `/v1/received/${received}/raw`);
    await ask('GET', `/v1/received/${received}/html`);
    await ask('GET', `/v1/received/${received}/attachments/0`);
    await ask('GET', `/v1/messages`);
    for (const [kind, { id }] of Object.entries({ outgoing, incoming })) {
      await ask('GET', `/v1/${kind}-servers/${id}`);
      await ask('GET', `/v1/${kind}-servers`);
    }
    await ask('GET', `/v1/destinations/${destination.id}`);
    await ask('GET', '/v1/destinations');

    const key = await ask<Created>('POST', '/v1/api-keys', {
      name: 'Key',
      scopes: ['received.read'],
      from: ['contoso.example'],
      incomingServers: [incoming.id],
      expiresAt: '2099-01-01T00:00:00+01:00',
    });
    await ask('GET', '/v1/api-keys');
    await ask('DELETE', `/v1/api-keys/${key.id}`);
    await ask('POST', `/v1/incoming-servers/${incoming.id}/reset`);
    await ask('DELETE', `/v1/incoming-servers/${incoming.id}`);
    await ask('DELETE', `/v1/outgoing-servers/${outgoing.id}`);
    await ask('DELETE', `/v1/destinations/${destination.id}`);
    await ask('DELETE', '/v1/domains/contoso.example');
    await ask('DELETE', `/v1/accounts/${support.id}`);
    await ask('PUT', '/v1/app', { clientId: '3f1c9a52-86d4-4e57-b1f0-6a2c8d9e0b47', tenant: 'common' });
    await receiver.stop();
  });

  it('is what the document declares, signed in to the console', async () => {
    const by = createBrowserSession(flow.url);
    await ask('GET', '/console/session/options', undefined, { by });
    await ask('GET', '/console/sign-in', undefined, { by });
    await ask('GET', '/console/signed-in', undefined, { by });
    const { csrfToken } = await ask<{ csrfToken: string }>('POST', '/console/session', { key: flow.adminKey }, { by });
    await ask('GET', '/console/session', undefined, { by });
    await ask('DELETE', '/console/session', undefined, { by, headers: { 'x-postern-csrf': csrfToken } });
  });

  it('is a problem where it is none of that', async () => {
    await ask('GET', `/v1/received/rcv_1/attachments/x`);
    await ask('POST', '/v1/messages', { to: 'nobody' });
    await ask('POST', '/v1/messages', { from: 'eve@fabrikam.example', to: 'a@b.example', text: 'T' });
    await ask('DELETE', '/v1/accounts/acc_0123456789');
    await ask('PUT', '/v1/domains/contoso.example', []);
  });

  it('was looked at for every call there is', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const names = operations.map(({ operationId }) => operationId);
    expect(names.length).toBeGreaterThan(45);
    expect([...asked.keys()].sort()).toEqual(names.sort());
    const succeeded = names.filter((name) => [...(asked.get(name) ?? [])].some((status) => status < 300));
    expect(names.filter((name) => !succeeded.includes(name)).sort()).toEqual([
      'beginSignIn',
      'confirmConsent',
      // Nothing is parked here.
      'dropReceived',
      'endSignIn',
      'followConnectLink',
      'showConnected',
    ]);
  });
});
