import { setDefaultCACertificates, getCACertificates } from 'node:tls';
import { createCertificateAuthority } from '../dev/certificates.ts';
import { until } from '../dev/until.ts';
import { startBenchPostern, type BenchPostern } from './bench-postern.ts';
import { atLeast, atMost, type Budget } from './budget.ts';
import { startDelayingProxy } from './delaying-proxy.ts';
import { sendRaw } from './raw-nodemailer.ts';
import { startSmtpSink, type SmtpSink } from './smtp-sink.ts';

/** What one sender did over one network. */
export interface SendResult {
  readonly sender: 'nodemailer' | 'postern';
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly messages: number;
  /** At the mail server, from the first to the last. */
  readonly messagesPerSecond: number;
  /** Each per message; connections and logins are part of it. */
  readonly roundTrips: number;
  readonly storage?: number;
  readonly vault?: number;
  readonly tokens?: number;
}

const counts = new Map([
  [0, 400],
  [50, 150],
]);

/** Sends the same mail with nodemailer alone and with Postern, on this machine, at several distances of the mail server. */
export async function benchSend(): Promise<{ results: SendResult[]; budgets: Budget[] }> {
  const authority = await createCertificateAuthority();
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate]);
  const sink = await startSmtpSink(await authority.issue(['localhost', '127.0.0.1']));
  const postern = await startBenchPostern(authority.certificate);
  const results: SendResult[] = [];
  try {
    for (const [roundTrip, messages] of counts) {
      results.push(await measureRaw(sink, roundTrip, messages));
      results.push(await measurePostern(postern, sink, roundTrip, messages));
    }
  } finally {
    await postern.stop();
    await sink.stop();
  }
  return { results, budgets: budgetsOf(results) };
}

async function measureRaw(sink: SmtpSink, roundTrip: number, messages: number): Promise<SendResult> {
  const proxy = await startDelayingProxy(sink.port, roundTrip);
  sink.taken.length = 0;
  await sendRaw(proxy.port, messages);
  const roundTrips = proxy.turns / messages;
  await proxy.stop();
  return { sender: 'nodemailer', roundTrip, messages, messagesPerSecond: rateOf(sink.taken), roundTrips };
}

async function measurePostern(
  postern: BenchPostern,
  sink: SmtpSink,
  roundTrip: number,
  messages: number,
): Promise<SendResult> {
  const proxy = await startDelayingProxy(sink.port, roundTrip);
  await postern.sendThrough(proxy.port);
  const taken = async (count: number): Promise<void> => {
    await until(() => Promise.resolve(sink.taken.length === count), 120_000);
  };
  // Warm: the token is there, the tables and the code are.
  sink.taken.length = 0;
  await postern.accept(3);
  await taken(3);
  sink.taken.length = 0;
  const turns = proxy.turns;
  const before = postern.asked();
  await postern.accept(messages);
  await taken(messages);
  const after = postern.asked();
  const each = (name: keyof typeof after): number => (after[name] - before[name]) / messages;
  const roundTrips = (proxy.turns - turns) / messages;
  await proxy.stop();
  return {
    ...{ sender: 'postern', roundTrip, messages, messagesPerSecond: rateOf(sink.taken), roundTrips },
    storage: each('storage') - each('polls'),
    vault: each('vault'),
    tokens: each('tokens'),
  };
}

function rateOf(times: readonly number[]): number {
  return ((times.length - 1) * 1000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
}

function budgetsOf(results: readonly SendResult[]): Budget[] {
  const ours = results.filter(({ sender }) => sender === 'postern');
  const most = (of: (result: SendResult) => number | undefined): number =>
    Math.max(...ours.map((each) => of(each) ?? 0));
  const [raw, own] = results.filter(({ roundTrip }) => roundTrip === 50).map((result) => result.messagesPerSecond);
  const share = (own ?? 0) / (raw ?? 1);
  return [
    atMost(
      'SMTP round trips a message',
      2.05,
      most(({ roundTrips }) => roundTrips),
    ),
    atMost(
      'storage operations a message',
      4,
      most(({ storage }) => storage),
    ),
    atMost(
      'Key Vault calls',
      0,
      most(({ vault }) => vault),
    ),
    atMost(
      'token requests',
      0,
      most(({ tokens }) => tokens),
    ),
    atLeast('rate at 50 ms, of nodemailer', 0.95, share),
  ];
}
