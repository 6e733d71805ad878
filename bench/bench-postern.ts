import { QueueServiceClient } from '@azure/storage-queue';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient, type ApiClient } from '../dev/api-client.ts';
import { startHost } from '../dev/host/start-host.ts';
import { laptopTenant } from '../dev/laptop-tenant.ts';
import { startStack } from '../dev/stack.ts';
import { until } from '../dev/until.ts';
import { connect } from '../dev/seed.ts';
import { startCountingProxy } from '../test/support/counting-proxy.ts';
import { recipient, sender, subject, text } from './bench-mail.ts';

/** What was asked of others so far. */
export interface Asked {
  /** Requests to storage, all of them. */
  readonly storage: number;
  /** Of these, what the Functions host asks for by itself: whether there is something on its queues, when there is nothing. */
  readonly polls: number;
  readonly vault: number;
  readonly tokens: number;
}

/** Postern as it runs in Azure: the built functions in a host, with all requests to others counted. */
export interface BenchPostern {
  readonly api: ApiClient;
  asked(): Asked;
  /** Sends through this port from now on. */
  sendThrough(port: number): Promise<void>;
  /** Hands over so many messages, several at a time. */
  accept(count: number): Promise<void>;
  /** Reads a mailbox through this port, every minute unless it is said. @returns the incoming server's id */
  readThrough(port: number, more: { destinations?: readonly string[]; every?: number }): Promise<string>;
  /** Queues the mailboxes that are due, as the timer does. */
  queueDue(): Promise<void>;
  /** Resolves when nobody reads or delivers anything. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

const acceptedAtOnce = 8;
const wideLimits = { perMinute: 10_000, recipientsPerDay: 10_000_000, connections: 1 };

/** @param authority the certificate authority of the mail server, PEM */
export async function startBenchPostern(authority: string): Promise<BenchPostern> {
  const stack = await startStack();
  const adminKey = await stack.firstAdminKey();
  await stack.host.stop();
  const proxy = await startCountingProxy(stack.storage);
  const trusted = join(tmpdir(), `postern-bench-${process.pid}.pem`);
  const ours = readFileSync(stack.settings['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  writeFileSync(trusted, `${ours}\n${authority}\n`);
  const root = fileURLToPath(new URL('..', import.meta.url));
  const host = await startHost({
    root,
    env: {
      ...stack.settings,
      AzureWebJobsStorage: proxy.connectionString,
      NODE_EXTRA_CA_CERTS: trusted,
      PUBLIC_URL: stack.url,
    },
    port: Number(new URL(stack.url).port),
  });
  const api = createApiClient(host.url, adminKey);
  const { clientId, tenantId, clientSecret } = laptopTenant;
  await api.call('PUT', '/v1/app', { clientId, tenant: tenantId, clientSecret });
  const account = await connect(api, { address: sender });
  const server = await api.call<{ id: string }>('POST', '/v1/outgoing-servers', {
    ...{ name: 'Bench', account: account.id, host: 'localhost', port: 1, limits: wideLimits, active: false },
  });

  const askedFor = (what: string): number => proxy.requests.filter((request) => request.startsWith(what)).length;
  return {
    api,
    asked: () => ({
      storage: proxy.requests.length,
      // What was found is removed in the end.
      polls: askedFor('queue GET') - askedFor('queue DELETE'),
      vault: stack.vault.reads() + stack.vault.writes(),
      tokens: stack.microsoft365.sessions.tokenRequests,
    }),
    async sendThrough(port) {
      await api.call('PATCH', `/v1/outgoing-servers/${server.id}`, { port, active: true });
    },
    async accept(count) {
      let left = count;
      const client = async (): Promise<void> => {
        while (left-- > 0) await api.call('POST', '/v1/messages', { from: sender, to: recipient, subject, text });
      };
      await Promise.all(Array.from({ length: acceptedAtOnce }, client));
    },
    async readThrough(port, more) {
      const { id } = await api.call<{ id: string }>('POST', '/v1/incoming-servers', {
        ...{ name: 'Bench', account: account.id, host: 'localhost', port, encryption: 'tls', ...more },
      });
      await api.call('POST', `/v1/incoming-servers/${id}/confirm`);
      return id;
    },
    queueDue: () => host.runTimer('fetchTimer'),
    async quiet() {
      const queues = QueueServiceClient.fromConnectionString(stack.storage.connectionString);
      for (const name of ['fetch', 'deliver']) {
        const queue = queues.getQueueClient(name);
        await until(async () => (await queue.getProperties()).approximateMessagesCount === 0);
      }
    },
    async stop() {
      await host.stop();
      await proxy.stop();
      await stack.stop();
      rmSync(trusted);
    },
  };
}
