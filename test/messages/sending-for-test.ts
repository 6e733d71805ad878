import { system } from '../../functions/access/caller.ts';
import type { Account } from '../../functions/accounts/account.ts';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableLeases } from '../../functions/azure/table-leases.ts';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { createTableStates } from '../../functions/azure/table-states.ts';
import type { Table } from '../../functions/azure/tables.ts';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { Destination } from '../../functions/events/destination.ts';
import { composeMime } from '../../functions/mail/nodemailer-mime-composer.ts';
import { acceptMessage } from '../../functions/messages/accept-message.ts';
import type { Accepted } from '../../functions/messages/accepted.ts';
import type { IdempotencyRecord } from '../../functions/messages/idempotency.ts';
import type { forgetMessages } from '../../functions/messages/forget-messages.ts';
import { messageRequest } from '../../functions/messages/message-request.ts';
import type { Message } from '../../functions/messages/message.ts';
import type { SentId } from '../../functions/messages/sent-ids.ts';
import { createSendOutlooks } from '../../functions/messages/send-outlook.ts';
import type { Pace } from '../../functions/messages/pace.ts';
import { sendDueMessages } from '../../functions/messages/send-due-messages.ts';
import type { SenderPorts } from '../../functions/messages/sender-ports.ts';
import type { Report } from '../../functions/health/report.ts';
import type { MailDomain } from '../../functions/servers/mail-domain.ts';
import type { OutgoingServer, OutgoingState } from '../../functions/servers/outgoing-server.ts';
import type { RemovedServer } from '../../functions/servers/removed-server.ts';
import type { Call, Log } from '../../functions/shared/call.ts';
import type { Collection } from '../../functions/shared/collection.ts';
import type { RawMail } from '../../functions/shared/raw-mail.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { Swept } from '../../functions/shared/sweep-old.ts';
import type { StorageForTest } from '../support/storage-for-test.ts';
import { createExchangeForTest, type ExchangeForTest } from './exchange-for-test.ts';

export const serverId = 'out_aaaaaaaaaa';
const accountId = 'acc_aaaaaaaaaa';
const start = Date.parse('2026-11-22T12:00:00.000Z');

/** Storage between the domain and the real tables: every request of it can be counted, or fail. */
export interface StorageTap {
  /** Changes of rows: transactions and removals. */
  changes: number;
  /** Gets and queries. */
  reads: number;
  /** Called before a change of this table; throws where it is to fail. */
  beforeChange: (table: string) => void;
  /** Called after a change was made; throws where its answer is to be lost. */
  afterChange: (table: string) => void;
}

/** Sending with the real tables and blobs, a clock of its own and a mail server in memory. */
export interface Sending {
  readonly ports: SenderPorts &
    Parameters<typeof acceptMessage>[3] &
    Parameters<typeof forgetMessages>[1] & { readonly removedServers: Collection<RemovedServer> };
  readonly exchange: ExchangeForTest;
  readonly storage: StorageTap;
  /** Servers put on the send queue, to be heard at once. */
  readonly queued: string[];
  /** Seconds after which queue entries come back. */
  readonly comingBack: number[];
  readonly log: string[];
  /** Names in blob storage. */
  readonly blobs: Set<string>;
  now(): Date;
  pass(minutes: number): void;
  call(signal?: AbortSignal): Call;
  /** Accepts a message with this subject. */
  accept(subject: string, more?: Record<string, unknown>, key?: string): Promise<Accepted>;
  send(signal?: AbortSignal): Promise<void>;
  /** As another instance would, whatever has become of this one's storage. */
  sendElsewhere(): Promise<void>;
  /** The lease of the server runs out, as after a crash. */
  expireLease(ofServer?: string): Promise<void>;
  /** The message as it is kept. */
  message(id: string): Promise<Message>;
  state(): Promise<OutgoingState | undefined>;
  changeServer(changes: Partial<OutgoingServer>): Promise<void>;
  changeAccount(changes: Partial<Account>): Promise<void>;
}

export async function startSending(storage: StorageForTest): Promise<Sending> {
  const exchange = createExchangeForTest();
  let time = start;
  const tap: StorageTap = { changes: 0, reads: 0, beforeChange: () => undefined, afterChange: () => undefined };
  const tables = new Map<string, Table>();
  const tableOf = (name: string): Table => {
    const table = tables.get(name) ?? storage.newTable();
    tables.set(name, table);
    return table;
  };
  const queued: string[] = [];
  const comingBack: number[] = [];
  const log: string[] = [];
  const blobs = new Set<string>();

  const portsOn = (open: (name: string) => Table): Sending['ports'] => {
    const parts = {
      accounts: createTableCollection<Account>(open('configuration'), 'account'),
      domains: createTableCollection<MailDomain>(open('configuration'), 'domain'),
      outgoingServers: createTableCollection<OutgoingServer>(open('configuration'), 'outgoing-server'),
      outgoingStates: createTableStates<OutgoingState>(open('state'), 'outgoing-server'),
      removedServers: createTableCollection<RemovedServer>(open('configuration'), 'removed-server'),
      swept: createTableStates<Swept>(open('state'), 'swept'),
      tests: createTableStates<Report>(open('state'), 'test'),
      idempotency: createTableCollection<IdempotencyRecord>(open('idempotency'), 'key'),
      messages: createTableRecords<Message>(open('messages'), 'msg', ({ priority }) => priority),
      sentIds: createTableStates<SentId>(open('messages'), 'sent-id'),
      deliveries: createTableRecords<Delivery>(open('deliveries'), 'dlv'),
      destinations: createTableCollection<Destination>(open('configuration'), 'destination'),
      paces: createTableCollection<Pace>(open('state'), 'pace'),
      leases: createTableLeases(open('leases')),
      rawMail: listing(storage.rawMail(), blobs),
      queues: {
        send(id: string, seconds?: number) {
          if (seconds === undefined) queued.push(id);
          else comingBack.push(seconds);
          return Promise.resolve();
        },
        fetch: () => Promise.resolve(),
        deliver: () => Promise.resolve(),
      },
      tokens: { accessToken: () => Promise.resolve(new Secret('token')) },
      heldSecrets: { get: () => Promise.resolve(new Secret('password')), getOther: () => Promise.resolve(undefined) },
      openOutgoing: exchange.openOutgoing,
      openMailbox: exchange.openMailbox,
      imapServer: { host: 'localhost', port: 993 },
      composeMime,
    };
    return { ...parts, sendOutlooks: createSendOutlooks(parts) };
  };
  const ports = portsOn((name) => tapOn(tableOf(name), name, tap));
  const elsewhere = portsOn(tableOf);
  const say =
    (level: string) =>
    (message: string, facts: unknown): void => {
      log.push(`${level} ${message} ${JSON.stringify(facts)}`);
    };
  const logger: Log = { info: say('info'), warn: say('warn'), error: say('error') };
  const now = (): Date => new Date(time);
  const call = (signal = new AbortController().signal): Call => ({
    id: 'call',
    caller: system,
    signal,
    log: logger,
    now,
  });
  await elsewhere.accounts.add(accountId, accountFor('ada@contoso.example'));
  await elsewhere.outgoingServers.add(serverId, serverFor('ada@contoso.example'));

  return {
    ports,
    exchange,
    storage: tap,
    queued,
    comingBack,
    log,
    blobs,
    now,
    call,
    pass(minutes) {
      time += minutes * 60_000;
    },
    async accept(subject, more = {}, key) {
      const body = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject, text: subject, ...more };
      // Each a moment later, as they come in life: their order is that of the moments.
      time += 1;
      return (await acceptMessage(call(), messageRequest.parse(body), key, ports)).answer;
    },
    send: (signal) => sendDueMessages(call(signal), serverId, ports),
    sendElsewhere: () => sendDueMessages(call(), serverId, elsewhere),
    async expireLease(ofServer = serverId) {
      const row = { partitionKey: 'lease', rowKey: `send-${ofServer}`, until: '2000-01-01T00:00:00.000Z' };
      await tableOf('leases').change([['update', row, 'Merge', { etag: '*' }]]);
    },
    async message(id) {
      const message = await elsewhere.messages.get(id);
      if (message === undefined) throw new Error(`There is no ${id}.`);
      return message;
    },
    state: () => elsewhere.outgoingStates.get(serverId),
    async changeServer(changes) {
      const stored = await ports.outgoingServers.get(serverId);
      if (stored) await ports.outgoingServers.replace(serverId, { ...stored.value, ...changes }, stored.etag);
    },
    async changeAccount(changes) {
      const stored = await ports.accounts.get(accountId);
      if (stored) await ports.accounts.replace(accountId, { ...stored.value, ...changes }, stored.etag);
    },
  };
}

export function accountFor(address: string, id = accountId): Account {
  return {
    id,
    address,
    kind: 'user',
    state: 'connected',
    tokenSecret: 'grant',
    createdAt: new Date(start).toISOString(),
  };
}

export function serverFor(address: string, more: Partial<OutgoingServer> = {}): OutgoingServer {
  return {
    id: serverId,
    name: address,
    active: true,
    priority: 10,
    account: accountId,
    host: 'localhost',
    port: 587,
    encryption: 'starttls',
    fromFilter: [address],
    // Tests of other things than the limits are not to wait for them.
    limits: { perMinute: 10_000, recipientsPerDay: 1_000_000, connections: 1 },
    createdAt: new Date(start).toISOString(),
    ...more,
  };
}

function tapOn(table: Table, name: string, tap: StorageTap): Table {
  return {
    get(...keys) {
      tap.reads += 1;
      return table.get(...keys);
    },
    query(...filter) {
      tap.reads += 1;
      return table.query(...filter);
    },
    async change(actions) {
      tap.changes += 1;
      tap.beforeChange(name);
      const changed = await table.change(actions);
      tap.afterChange(name);
      return changed;
    },
    remove(...keys) {
      tap.changes += 1;
      return table.remove(...keys);
    },
  };
}

function listing(mail: RawMail, names: Set<string>): RawMail {
  return {
    async put(name, content) {
      names.add(name);
      await mail.put(name, content);
    },
    get: (name) => mail.get(name),
    async remove(name) {
      names.delete(name);
      await mail.remove(name);
    },
  };
}
