import { system } from '../../functions/access/caller.ts';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import type { Account } from '../../functions/accounts/account.ts';
import { createLeasedTableStates } from '../../functions/azure/leased-table-states.ts';
import { createTableCollection } from '../../functions/azure/table-collection.ts';
import { createTableLeases } from '../../functions/azure/table-leases.ts';
import { createTableLedger, ledgerColumns } from '../../functions/azure/table-ledger.ts';
import { createTableRecords } from '../../functions/azure/table-records.ts';
import { createTableStates } from '../../functions/azure/table-states.ts';
import type { Table } from '../../functions/azure/tables.ts';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { Destination, DestinationState } from '../../functions/events/destination.ts';
import type { forgetDeliveries } from '../../functions/events/forget-deliveries.ts';
import type { Report } from '../../functions/health/report.ts';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';
import type { Message } from '../../functions/messages/message.ts';
import type { SentId } from '../../functions/messages/sent-ids.ts';
import type { Audit } from '../../functions/received/audit.ts';
import { confirmIncomingServer } from '../../functions/received/confirm-incoming-server.ts';
import { fetchMailboxes } from '../../functions/received/fetch-mailboxes.ts';
import type { FetchPorts } from '../../functions/received/fetch-ports.ts';
import type { Forgotten } from '../../functions/received/forget-received.ts';
import type { KeepAuditPorts } from '../../functions/received/keep-audit.ts';
import type { ReceivedMessage } from '../../functions/received/received-message.ts';
import type { IncomingServer, IncomingState } from '../../functions/servers/incoming-server.ts';
import { takeMailbox } from '../../functions/received/refetch-missing.ts';
import type { Call } from '../../functions/shared/call.ts';
import type { States } from '../../functions/shared/collection.ts';
import type { StateLease } from '../../functions/shared/lease.ts';
import { createMemory } from '../../functions/shared/memory.ts';
import { createRoom } from '../../functions/shared/room.ts';
import { Secret } from '../../functions/shared/secret.ts';
import type { Swept } from '../../functions/shared/sweep-old.ts';
import type { StorageForTest } from '../support/storage-for-test.ts';
import { createMailboxForTest, type MailboxForTest } from './mailbox-for-test.ts';

export const serverId = 'inc_aaaaaaaaaa';
export const destinationId = 'dst_aaaaaaaaaa';
const start = Date.parse('2026-11-22T12:00:00.000Z');

/** Reading with the real tables and blobs, a clock of its own and a mailbox in memory. */
export interface Reading {
  readonly mailbox: MailboxForTest;
  readonly ports: KeepAuditPorts &
    Parameters<typeof forgetDeliveries>[1] & { readonly destinationStates: States<DestinationState> };
  /** What was asked of storage, as `table received change`, `blob put`, `queue deliver`. */
  readonly storage: string[];
  /** Called before each request to storage; throws where it is to fail. */
  beforeStorage: (asked: string) => void;
  now(): Date;
  pass(minutes: number): void;
  call(): Call;
  confirm(): Promise<void>;
  fetch(): Promise<void>;
  /** Takes the right to read the mailbox. */
  lease(): Promise<StateLease<IncomingState> | undefined>;
  /** Forgets who was reading, as after the lease of a dead instance ran out. */
  expireLease(): Promise<void>;
  change(changes: Partial<IncomingServer>): Promise<void>;
  state(): Promise<IncomingState>;
  /** The ledger, newest first. */
  ledger(): Promise<ReceivedMessage[]>;
  deliveries(): Promise<Delivery[]>;
  bytesOf(row: ReceivedMessage): Promise<string | undefined>;
}

/** A server with one folder, confirmed, with one destination. */
export async function startReading(storage: StorageForTest): Promise<Reading> {
  const mailbox = createMailboxForTest();
  let time = start;
  const asked: string[] = [];
  const now = (): Date => new Date(time);
  const tables = new Map<string, Table>();
  const ask = async (what: string): Promise<void> => {
    asked.push(what);
    await Promise.resolve();
    reading.beforeStorage(what);
  };
  const open = (name: string): Table => {
    const table = tables.get(name) ?? storage.newTable();
    tables.set(name, table);
    return {
      async get(...keys) {
        await ask(`table ${name} get`);
        return table.get(...keys);
      },
      async query(...filter) {
        await ask(`table ${name} query`);
        return table.query(...filter);
      },
      async change(actions) {
        await ask(`table ${name} change`);
        return table.change(actions);
      },
      async remove(...keys) {
        await ask(`table ${name} remove`);
        return table.remove(...keys);
      },
    };
  };
  const mail = storage.receivedMail(open('mail'));
  const notForReading = (): Promise<never> => Promise.reject(new Error('Reading does not need this.'));
  const ports: Reading['ports'] = {
    accounts: createTableCollection<Account>(open('configuration'), 'account'),
    incomingServers: createTableCollection<IncomingServer>(open('configuration'), 'incoming-server'),
    incomingStates: createLeasedTableStates<IncomingState>(open('state'), 'incoming-server'),
    audits: createTableStates<Audit>(open('state'), 'audit'),
    forgotten: createTableStates<Forgotten>(open('state'), 'forgotten'),
    received: createTableRecords<ReceivedMessage>(open('received'), 'rcv', undefined, ledgerColumns),
    ledger: createTableLedger(open('received')),
    deliveries: createTableRecords<Delivery>(open('deliveries'), 'dlv'),
    messages: createTableRecords<Message>(open('messages'), 'msg'),
    sentIds: createTableStates<SentId>(open('messages'), 'sent-id'),
    destinations: createTableCollection<Destination>(open('configuration'), 'destination'),
    destinationStates: createTableStates<DestinationState>(open('state'), 'destination'),
    swept: createTableStates<Swept>(open('state'), 'swept'),
    rawMail: {
      async put(name, content) {
        await ask('blob put');
        await mail.put(name, content);
      },
      putSmall: (mails) => mail.putSmall(mails),
      get: (name) => mail.get(name),
      remove: (name) => mail.remove(name),
    },
    recentMail: createMemory(1024 * 1024),
    leases: createTableLeases(open('leases')),
    couriers: { webhook: notForReading, queue: notForReading, odoo: notForReading },
    publicUrl: 'https://postern.example',
    queues: {
      send: () => Promise.resolve(),
      fetch: () => ask('queue fetch'),
      deliver: () => ask('queue deliver'),
    },
    room: createRoom(48 * 1024 * 1024),
    tokens: { accessToken: () => Promise.resolve(new Secret('token')) },
    heldSecrets: { get: () => Promise.resolve(new Secret('password')), getOther: () => Promise.resolve(undefined) },
    openMailbox: mailbox.openMailbox,
    mimeParser,
  };
  const examinePorts = {
    ...ports,
    app: createTableCollection<AppRegistration>(open('configuration'), 'app'),
    tests: createTableStates<Report>(open('state'), 'test'),
    signIn: { approvalUrl: notForReading, authorizeUrl: notForReading, redeem: notForReading },
    openProbe: notForReading,
    publicUrl: 'https://postern.example',
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const call = (): Call => ({ id: 'call', caller: system, signal: new AbortController().signal, log: silent, now });
  const server = async () => {
    const stored = await ports.incomingServers.get(serverId);
    if (stored === undefined) throw new Error('The server is gone.');
    return stored;
  };

  const reading: Reading = {
    mailbox,
    ports,
    storage: asked,
    beforeStorage: () => undefined,
    now,
    pass(minutes) {
      time += minutes * 60_000;
    },
    call,
    async confirm() {
      await confirmIncomingServer(call(), await server(), examinePorts);
    },
    fetch: () => fetchMailboxes(call(), [serverId], undefined, ports),
    lease: () => takeMailbox(serverId, ports.incomingStates),
    async expireLease() {
      const row = { partitionKey: 'incoming-server', rowKey: serverId, until: '2000-01-01T00:00:00.000Z' };
      await tables.get('state')?.change([['upsert', row, 'Merge']]);
    },
    async change(changes) {
      const { value, etag } = await server();
      await ports.incomingServers.replace(serverId, { ...value, ...changes }, etag);
    },
    async state() {
      const state = await ports.incomingStates.get(serverId);
      if (state === undefined) throw new Error('It was never read.');
      return state;
    },
    ledger: async () => (await ports.received.list({ owners: [serverId], limit: 1000 })).data,
    deliveries: async () => (await ports.deliveries.list({ owners: [destinationId], limit: 1000 })).data,
    async bytesOf({ blob }) {
      const stream = await ports.rawMail.get(blob);
      if (stream === undefined) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
      return Buffer.concat(chunks).toString('latin1');
    },
  };
  await examinePorts.app.add(appRegistrationId, { clientId: 'client', tenant: 'common' });
  await addServer(ports);
  await reading.confirm();
  asked.length = 0;
  mailbox.asked.length = 0;
  return reading;
}

async function addServer({ accounts, incomingServers }: FetchPorts): Promise<void> {
  const createdAt = new Date(start).toISOString();
  await accounts.add('acc_aaaaaaaaaa', {
    id: 'acc_aaaaaaaaaa',
    address: 'ada@contoso.example',
    kind: 'user',
    state: 'connected',
    tokenSecret: 'grant',
    createdAt,
  });
  await incomingServers.add(serverId, {
    id: serverId,
    name: 'Ada',
    state: 'draft',
    account: 'acc_aaaaaaaaaa',
    mailbox: 'ada@contoso.example',
    host: 'localhost',
    port: 993,
    encryption: 'tls',
    folders: ['INBOX'],
    every: 1,
    destinations: [destinationId],
    createdAt,
  });
}
