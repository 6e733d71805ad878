import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificateAuthority } from '../dev/certificates.ts';
import { until } from '../dev/until.ts';
import { startBenchPostern, type Asked, type BenchPostern } from './bench-postern.ts';
import { atLeast, atMost, type Budget } from './budget.ts';
import { startDelayingProxy } from './delaying-proxy.ts';
import { startImapSource } from './imap-source.ts';
import { fetchAsOdoo, fetchStreaming } from './raw-imapflow.ts';
import { receivedMail } from './received-mail.ts';
import { startWebhookSink, type WebhookSink } from './webhook-sink.ts';

/** What one reader did over one network: so many mails, or one look at mailboxes that got none. */
export interface FetchResult {
  readonly reader: 'imapflow' | 'as Odoo' | 'postern' | 'postern, idle';
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly mailboxes: number;
  readonly messages: number;
  /** From the connection to the last message; with Postern to its delivery. */
  readonly messagesPerSecond?: number;
  /** Each per message, or per mailbox where there are none; connections and logins are part of it. */
  readonly roundTrips: number;
  readonly storage?: number;
  readonly vault?: number;
  readonly tokens?: number;
}

const counts = new Map([
  [0, { messages: 400, asOdoo: 400 }],
  [50, { messages: 400, asOdoo: 60 }],
]);
const shard = 20;
const runs = 3;

/** Reads the same mail with imapflow alone, as Odoo does, and with Postern, at several distances of the mail server. */
export async function benchFetch(): Promise<{ results: FetchResult[]; budgets: Budget[] }> {
  const authority = await createCertificateAuthority();
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const tls = await authority.issue(['localhost', '127.0.0.1']);
  const postern = await startBenchPostern(authority.certificate);
  const sink = await startWebhookSink();
  const results: FetchResult[] = [];
  try {
    const { id } = await postern.api.call<{ id: string }>('POST', '/v1/destinations', {
      ...{ kind: 'webhook', name: 'Bench', url: sink.url },
    });
    for (const [roundTrip, { messages, asOdoo }] of counts) {
      results.push(await middleOf(() => measureRaw(tls, roundTrip, messages, 'imapflow', fetchStreaming)));
      results.push(await middleOf(() => measureRaw(tls, roundTrip, asOdoo, 'as Odoo', fetchAsOdoo)));
      results.push(await middleOf(() => measurePostern(postern, tls, { id, sink }, roundTrip, messages)));
    }
    for (const mailboxes of [1, shard]) results.push(await measureIdle(postern, tls, mailboxes));
  } finally {
    await postern.stop();
    await sink.stop();
  }
  return { results, budgets: budgetsOf(results) };
}

/** The middle of several runs by their rate; one before them, which is not counted, has all code compiled. */
async function middleOf(measure: () => Promise<FetchResult>): Promise<FetchResult> {
  const first = await measure();
  const measured: FetchResult[] = [];
  for (let run = 0; run < runs; run++) measured.push(await measure());
  const byRate = measured.sort((one, other) => (one.messagesPerSecond ?? 0) - (other.messagesPerSecond ?? 0));
  return byRate[Math.floor(runs / 2)] ?? first;
}

type Tls = Parameters<typeof startImapSource>[0];

async function measureRaw(
  tls: Tls,
  roundTrip: number,
  messages: number,
  reader: FetchResult['reader'],
  read: (port: number, count: number) => Promise<void>,
): Promise<FetchResult> {
  const source = await startImapSource(tls);
  source.fill(receivedMail(messages));
  const proxy = await startDelayingProxy(source.port, roundTrip);
  const begin = performance.now();
  await read(proxy.port, messages);
  const messagesPerSecond = (messages * 1000) / (performance.now() - begin);
  const roundTrips = proxy.turns / messages;
  await proxy.stop();
  await source.stop();
  return { reader, roundTrip, mailboxes: 1, messages, messagesPerSecond, roundTrips };
}

async function measurePostern(
  postern: BenchPostern,
  tls: Tls,
  destination: { readonly id: string; readonly sink: WebhookSink },
  roundTrip: number,
  messages: number,
): Promise<FetchResult> {
  const source = await startImapSource(tls);
  const proxy = await startDelayingProxy(source.port, roundTrip);
  const server = await postern.readThrough(proxy.port, { destinations: [destination.id], every: 1440 });
  await postern.quiet();
  const mails = receivedMail(messages);
  const { taken } = destination.sink;

  async function receive(some: readonly Buffer[]): Promise<void> {
    taken.length = 0;
    source.fill(some);
    await postern.api.call('POST', `/v1/incoming-servers/${server}/fetch`);
    await until(() => Promise.resolve(taken.length >= some.length), 120_000);
  }

  // Warm: the token is there, the tables and the code are.
  await receive(mails.slice(0, 3));
  await postern.quiet();
  const turns = proxy.turns;
  const before = postern.asked();
  const connections = source.connected.length;
  await receive(mails);
  const seconds = ((taken.at(-1) ?? 0) - (source.connected[connections] ?? 0)) / 1000;
  await postern.quiet();
  const costs = costsOf(before, postern.asked(), messages);
  const roundTrips = (proxy.turns - turns) / messages;
  await postern.api.call('DELETE', `/v1/incoming-servers/${server}`);
  await proxy.stop();
  await source.stop();
  return {
    ...{ reader: 'postern', roundTrip, mailboxes: 1, messages, messagesPerSecond: messages / seconds, roundTrips },
    ...costs,
  };
}

/** One look, from the timer to the last mailbox, at mailboxes that are read every minute and got nothing. */
async function measureIdle(postern: BenchPostern, tls: Tls, mailboxes: number): Promise<FetchResult> {
  const source = await startImapSource(tls);
  const proxy = await startDelayingProxy(source.port, 0);
  const servers: string[] = [];
  for (let count = 0; count < mailboxes; count++) servers.push(await postern.readThrough(proxy.port, {}));
  await postern.quiet();
  const isDue = ({ nextFetchAt = '' }): boolean => Date.parse(nextFetchAt) < Date.now() + 28_000;
  await until(async () => {
    const second = new Date().getSeconds();
    // The timers tick at 0 and at 30, and would be counted too.
    if (second < 33 || second > 52) return false;
    const { data } = await postern.api.call<{ data: { nextFetchAt?: string }[] }>('GET', '/v1/incoming-servers');
    return data.every(isDue);
  }, 150_000);
  const turns = proxy.turns;
  const before = postern.asked();
  await postern.queueDue();
  await postern.quiet();
  const costs = costsOf(before, postern.asked(), mailboxes);
  const roundTrips = (proxy.turns - turns) / mailboxes;
  for (const id of servers) await postern.api.call('DELETE', `/v1/incoming-servers/${id}`);
  await proxy.stop();
  await source.stop();
  return { reader: 'postern, idle', roundTrip: 0, mailboxes, messages: 0, roundTrips, ...costs };
}

function costsOf(before: Asked, after: Asked, among: number) {
  const each = (name: keyof Asked): number => (after[name] - before[name]) / among;
  return { storage: each('storage') - each('polls'), vault: each('vault'), tokens: each('tokens') };
}

function budgetsOf(results: readonly FetchResult[]): Budget[] {
  const of = (reader: FetchResult['reader']) => results.filter((result) => result.reader === reader);
  const most = (some: readonly FetchResult[], what: 'roundTrips' | 'storage' | 'vault' | 'tokens'): number =>
    Math.max(...some.map((result) => result[what] ?? 0));
  const far = (reader: FetchResult['reader']): number =>
    of(reader).find(({ roundTrip }) => roundTrip === 50)?.messagesPerSecond ?? 0;
  const idle = of('postern, idle');
  const ours = of('postern');
  return [
    atMost('IMAP round trips a message', 0.08, most(ours, 'roundTrips')),
    atMost('storage operations a message', 5, most(ours, 'storage')),
    atLeast('rate at 50 ms, of imapflow', 0.65, far('postern') / far('imapflow')),
    atLeast("rate at 50 ms, of Odoo's way", 45, far('postern') / far('as Odoo')),
    atMost('IMAP round trips an idle mailbox', 8, most(idle, 'roundTrips')),
    atMost(
      `storage operations an idle mailbox, of ${shard}`,
      2,
      most(
        idle.filter(({ mailboxes }) => mailboxes === shard),
        'storage',
      ),
    ),
    atMost('Key Vault calls an idle mailbox', 0, most(idle, 'vault')),
    atMost('token requests', 0, most([...ours, ...idle], 'tokens')),
  ];
}
