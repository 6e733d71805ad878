import { createApiClient } from './api-client.ts';
import { buildFunctions } from './build-functions.ts';
import './end-with-npm.ts';
import { laptopTenant } from './laptop-tenant.ts';
import { startStack } from './stack.ts';
import { until } from './until.ts';
import { walkSignIn } from './walk-sign-in.ts';
import { startWebhookReceiver, verify } from './webhook-receiver.ts';

interface Created {
  readonly id: string;
}

/** Prints a step and its result as they happen. */
async function step<T>(what: string, run: () => Promise<T>, result: (value: T) => string = () => 'done'): Promise<T> {
  process.stdout.write(`${what} ... `);
  const value = await run();
  console.log(result(value));
  return value;
}

await step('Building the functions', () => {
  buildFunctions();
  return Promise.resolve();
});
const stack = await step(
  'Starting Postern and its Microsoft 365',
  () => startStack(),
  ({ url }) => url,
);
const receiver = await startWebhookReceiver();

try {
  const health = await createApiClient(stack.url).call('GET', '/health');
  console.log(`GET /health ... ${String(health['status'])}`);
  const api = createApiClient(stack.url, await stack.firstAdminKey());
  const { clientId, tenantId, clientSecret } = laptopTenant;
  await step(
    'Setting the app registration',
    () => api.call('PUT', '/v1/app', { clientId, tenant: tenantId, clientSecret }),
    (app) => `redirect URI ${String(app['redirectUri'])}`,
  );

  const connect = async (address: string): Promise<Created> => {
    const account = await api.call<Created>('POST', '/v1/accounts', { address });
    const { authorizeUrl } = await api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${account.id}/connect`);
    await walkSignIn(authorizeUrl, { as: address });
    return api.call<Created & { state: string }>('GET', `/v1/accounts/${account.id}`);
  };
  const stateOf = (account: Created): string => (account as Created & { state: string }).state;
  const ada = await step(
    'Connecting ada@contoso.example through the sign-in pages',
    () => connect('ada@contoso.example'),
    stateOf,
  );
  const grace = await step(
    'Connecting grace@contoso.example through the sign-in pages',
    () => connect('grace@contoso.example'),
    stateOf,
  );

  await step(
    'Adding an outgoing server for Ada',
    () => api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: ada.id }),
    (server) => `may send as ${String(server['fromFilter'])}`,
  );
  const destination = await step(
    'Adding a webhook',
    () =>
      api.call<Created & { secret: string }>('POST', '/v1/destinations', {
        kind: 'webhook',
        name: 'Demo',
        url: receiver.url,
        // The mail alone, not what becomes of messages.
        events: [],
      }),
    ({ id }) => id,
  );
  const incoming = await step(
    'Adding and confirming an incoming server for Grace',
    async () => {
      const server = await api.call<Created>('POST', '/v1/incoming-servers', {
        name: 'Grace',
        account: grace.id,
        destinations: [destination.id],
      });
      return api.call<Created & { state: string }>('POST', `/v1/incoming-servers/${server.id}/confirm`);
    },
    ({ state }) => state,
  );

  const subject = `Hello at ${new Date().toISOString()}`;
  const message = await step(
    'Sending a message from Ada to Grace',
    () =>
      api.call<Created & { messageId: string }>(
        'POST',
        '/v1/messages',
        {
          from: 'Ada Lovelace <ada@contoso.example>',
          to: 'Grace Hopper <grace@contoso.example>',
          subject,
          text: 'The loop is closed.',
          html: '<p>The loop is closed.</p>',
          attachments: [{ filename: 'note.txt', content: Buffer.from('Attached.').toString('base64') }],
        },
        { 'idempotency-key': 'demo-1' },
      ),
    ({ id }) => `queued as ${id}`,
  );
  await step(
    'Waiting until Exchange took it',
    () =>
      until(async () => {
        const { status, lastReply } = await api.call<{ status: string; lastReply?: string }>(
          'GET',
          `/v1/messages/${message.id}`,
        );
        return status === 'sent' ? lastReply : undefined;
      }),
    (reply) => `sent: ${reply}`,
  );

  await step(
    "Reading Grace's mailbox",
    () => api.call('POST', `/v1/incoming-servers/${incoming.id}/fetch`),
    () => 'asked',
  );
  const call = await step(
    'Waiting for the webhook',
    () => until(() => Promise.resolve(receiver.calls[0])),
    ({ headers }) => String(headers['webhook-id']),
  );
  const event = await step(
    'Verifying its signature',
    () => Promise.resolve(verify(call, destination.secret)),
    ({ type }) => type,
  );

  const { data } = event;
  const arrived =
    data['subject'] === subject &&
    data['messageId'] === message.messageId &&
    String(data['text']).trim() === 'The loop is closed.';
  if (!arrived) throw new Error(`What arrived is not what was sent: ${JSON.stringify(event)}`);
  const attachments = data['attachments'] as { url: string }[];
  const [attachment] = attachments;
  if (attachment === undefined) throw new Error('The attachment did not arrive.');
  const bytes = await step('Fetching its attachment', () => api.call<string>('GET', new URL(attachment.url).pathname));
  if (bytes !== 'Attached.') throw new Error(`The attachment is not what was sent: ${bytes}`);
  console.log(
    '\nThe mail went round: sent by Ada, accepted by Exchange, read from Grace’s mailbox, delivered and verified.',
  );
} finally {
  await receiver.stop();
  await stack.stop();
}
