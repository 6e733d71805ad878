import { QueueServiceClient } from '@azure/storage-queue';
import { until } from '../../dev/until.ts';
import type { Flow } from './flow.ts';

/** What `GET /v1/received` shows of a mail. */
export interface ReceivedRow {
  readonly id: string;
  readonly subject: string;
  readonly folder: string;
  readonly size: number;
  readonly status: string;
  readonly receivedAt: string;
}

export interface ServerView {
  readonly id: string;
  readonly state: string;
  readonly lastFetchAt?: string;
  readonly nextFetchAt?: string;
  readonly lastError?: {
    readonly code: string;
    readonly detail: string;
    readonly remedy?: string;
    readonly at: string;
  };
}

/** Adds an incoming server and confirms it. */
export async function addConfirmed({ api }: Flow, wanted: Record<string, unknown>): Promise<string> {
  const { id } = await api.call<{ id: string }>('POST', '/v1/incoming-servers', { name: 'Incoming', ...wanted });
  await api.call('POST', `/v1/incoming-servers/${id}/confirm`);
  return id;
}

/** All that a server has received, newest first, page by page. */
export async function listReceived({ api }: Flow, server: string, limit = 200): Promise<ReceivedRow[]> {
  const rows: ReceivedRow[] = [];
  let cursor = '';
  do {
    const page = await api.call<{ data: ReceivedRow[]; nextCursor: string | null }>(
      'GET',
      `/v1/received?incomingServer=${server}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
    );
    rows.push(...page.data);
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  return rows;
}

export function serverOf({ api }: Flow, id: string): Promise<ServerView> {
  return api.call<ServerView>('GET', `/v1/incoming-servers/${id}`);
}

/** Reads a server now, and waits until nobody is reading anything. */
export async function fetchNow(flow: Flow, id: string): Promise<ServerView> {
  await flow.api.call('POST', `/v1/incoming-servers/${id}/fetch`);
  await untilQuiet(flow, 'fetch');
  return serverOf(flow, id);
}

/** Waits until a queue has no entries, also none that is being worked on. */
export async function untilQuiet({ storage }: Flow, queue: 'fetch' | 'deliver'): Promise<void> {
  const client = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient(queue);
  await until(async () => (await client.getProperties()).approximateMessagesCount === 0);
}

/** A plain mail with this subject. */
export function mail(subject: string, body = 'Hello', ...headers: string[]): string {
  return [
    'From: Grace Hopper <grace@contoso.example>',
    'To: ada@contoso.example',
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(/\W/g, '-')}@example.com>`,
    ...headers,
    '',
    body,
    '',
  ].join('\r\n');
}
