import type { ApiKey } from './access/api-key.ts';
import type { Session } from './access/session.ts';
import type { Account } from './accounts/account.ts';
import { createDeployedApp } from './accounts/app-deployment.ts';
import type { AppRegistration } from './accounts/app-registration.ts';
import type { AwaitedApproval } from './accounts/approval.ts';
import type { ConnectLink } from './accounts/connect-link.ts';
import type { Consent } from './accounts/consent.ts';
import type { Receipt } from './accounts/receipt.ts';
import type { CredentialWatch } from './accounts/watch-credential.ts';
import { createAppProofs } from './azure/app-proofs.ts';
import { createCredential } from './azure/credential.ts';
import { createEntraTokens } from './azure/entra-tokens.ts';
import { holdSecrets } from './azure/hold-secrets.ts';
import { createKeyVaultSecretStore } from './azure/keyvault-secret-store.ts';
import { createMsalApplicationTokens } from './azure/msal-application-tokens.ts';
import { createMsalClients } from './azure/msal-client.ts';
import { createMsalMailboxTokens } from './azure/msal-mailbox-tokens.ts';
import { createMsalPersonSignIn } from './azure/msal-person-sign-in.ts';
import { createMsalSignIn } from './azure/msal-sign-in.ts';
import { createRawMailBlobs } from './azure/raw-mail-blobs.ts';
import { createRawMailRows } from './azure/raw-mail-rows.ts';
import { createLeasedTableStates } from './azure/leased-table-states.ts';
import { createStorageQueueCourier } from './azure/storage-queue-courier.ts';
import { createStorageWorkQueues } from './azure/storage-work-queues.ts';
import { createTableAndBlobMail } from './azure/table-and-blob-mail.ts';
import { createTableCollection } from './azure/table-collection.ts';
import { createTableLedger, ledgerColumns } from './azure/table-ledger.ts';
import { createTableLeases } from './azure/table-leases.ts';
import { createTableRecords } from './azure/table-records.ts';
import { createTableStates } from './azure/table-states.ts';
import { createTables } from './azure/tables.ts';
import type { Delivery } from './events/delivery.ts';
import type { Destination, DestinationState } from './events/destination.ts';
import type { CountedHours } from './health/read-statistics.ts';
import type { Report } from './health/report.ts';
import { openImapMailbox } from './mail/imap-mailbox-reader.ts';
import { composeMime } from './mail/nodemailer-mime-composer.ts';
import { openRawMessage } from './mail/open-raw-message.ts';
import { mimeParser } from './mail/postal-mime-parser.ts';
import { openSmtpProbe } from './mail/smtp-probe.ts';
import { openSmtpSession } from './mail/smtp-message-sender.ts';
import { composeMimeStream } from './mail/streaming-mime-composer.ts';
import type { IdempotencyRecord } from './messages/idempotency.ts';
import type { Message } from './messages/message.ts';
import type { Pace } from './messages/pace.ts';
import type { SentId } from './messages/sent-ids.ts';
import { createSendOutlooks } from './messages/send-outlook.ts';
import type { Audit } from './received/audit.ts';
import type { Forgotten } from './received/forget-received.ts';
import type { ReceivedMessage } from './received/received-message.ts';
import type { RecentMail } from './received/recent-mail.ts';
import type { IncomingServer, IncomingState } from './servers/incoming-server.ts';
import type { MailDomain } from './servers/mail-domain.ts';
import type { OutgoingServer, OutgoingState } from './servers/outgoing-server.ts';
import type { RemovedServer } from './servers/removed-server.ts';
import { getSettings, type Settings } from './settings.ts';
import { createMemory } from './shared/memory.ts';
import { createRoom } from './shared/room.ts';
import type { Swept } from './shared/sweep-old.ts';
import { createGuardedPost } from './web/guarded-request.ts';
import { createUrlJudge } from './web/judge-url.ts';
import { createOdooCourier } from './web/odoo-courier.ts';
import { createWebhookCourier } from './web/webhook-courier.ts';

/** Octets of mail in memory at a time; taken apart, mail needs some six times as much. */
const mailInMemory = 48 * 1024 * 1024;
/** Octets of what was in mail that is remembered until it is delivered. */
const recentMail = 8 * 1024 * 1024;

/** What we are made of. Making it reads and opens nothing: every adapter loads its SDK and connects at first use. */
export type Services = ReturnType<typeof createServices>;

function createServices(settings: Settings) {
  const credential = createCredential(settings.identityClientId);
  const openTable = createTables(settings.storage, credential);
  const configuration = openTable('configuration');
  const state = openTable('state');
  const consents = openTable('consents');
  const messages = openTable('messages');
  const ledger = openTable('received');
  const secrets = createKeyVaultSecretStore(settings.keyVaultUrl, credential);
  const app = createDeployedApp(createTableCollection<AppRegistration>(configuration, 'app'), settings.app);
  const mailBlobs = createRawMailBlobs(settings.storage, credential);
  const mailRows = createRawMailRows(openTable('mail'));
  const post = createGuardedPost(settings.webhookPrivateNetworks);
  const proofs = createAppProofs(secrets, credential);
  const createMsalClient = createMsalClients(settings.loginUrl, proofs);
  const accounts = createTableCollection<Account>(configuration, 'account');
  const applicationTokens = createMsalApplicationTokens(createMsalClient, { app });
  const parts = {
    publicUrl: settings.publicUrl,
    smtpServer: settings.smtpServer,
    imapServer: settings.imapServer,
    historyDays: settings.historyDays,

    app,
    appDeployment: settings.app,
    accounts,
    apiKeys: createTableCollection<ApiKey>(configuration, 'api-key'),
    destinations: createTableCollection<Destination>(configuration, 'destination'),
    domains: createTableCollection<MailDomain>(configuration, 'domain'),
    incomingServers: createTableCollection<IncomingServer>(configuration, 'incoming-server'),
    removedServers: createTableCollection<RemovedServer>(configuration, 'removed-server'),
    outgoingServers: createTableCollection<OutgoingServer>(configuration, 'outgoing-server'),

    consents: createTableCollection<Consent>(consents, 'consent'),
    approvals: createTableCollection<AwaitedApproval>(consents, 'approval'),
    connectLinks: createTableCollection<ConnectLink>(consents, 'link'),
    receipts: createTableCollection<Receipt>(consents, 'receipt'),
    sessions: createTableCollection<Session>(consents, 'session'),
    idempotency: createTableCollection<IdempotencyRecord>(openTable('idempotency'), 'key'),
    audits: createTableStates<Audit>(state, 'audit'),
    credentialWatches: createTableStates<CredentialWatch>(state, 'app'),
    destinationStates: createTableStates<DestinationState>(state, 'destination'),
    forgotten: createTableStates<Forgotten>(state, 'forgotten'),
    incomingStates: createLeasedTableStates<IncomingState>(state, 'incoming-server'),
    outgoingStates: createTableStates<OutgoingState>(state, 'outgoing-server'),
    countedHours: createTableStates<CountedHours>(state, 'statistics'),
    swept: createTableStates<Swept>(state, 'swept'),
    tests: createTableStates<Report>(state, 'test'),
    paces: createTableCollection<Pace>(state, 'pace'),
    leases: createTableLeases(openTable('leases')),

    messages: createTableRecords<Message>(messages, 'msg', ({ priority }) => priority),
    received: createTableRecords<ReceivedMessage>(ledger, 'rcv', undefined, ledgerColumns),
    ledger: createTableLedger(ledger),
    sentIds: createTableStates<SentId>(messages, 'sent-id'),
    deliveries: createTableRecords<Delivery>(openTable('deliveries'), 'dlv'),
    rawMail: createTableAndBlobMail(mailRows, mailBlobs),
    room: createRoom(mailInMemory),
    recentMail: createMemory<RecentMail>(recentMail),
    queues: createStorageWorkQueues(settings.storage, credential),

    secrets,
    heldSecrets: holdSecrets(secrets),
    inspectCredential: proofs.inspect,
    signIn: createMsalSignIn(createMsalClient),
    personSignIn: createMsalPersonSignIn(createMsalClient),
    entraTokens: createEntraTokens(settings.loginUrl),
    applicationTokens,
    tokens: createMsalMailboxTokens(createMsalClient, { app, accounts, secrets, applicationTokens }),

    openOutgoing: openSmtpSession,
    openMailbox: openImapMailbox,
    openProbe: openSmtpProbe,
    composeMime,
    composeMimeStream,
    openRawMessage,
    mimeParser,
    judgeUrl: createUrlJudge(settings.webhookPrivateNetworks),
    couriers: {
      webhook: createWebhookCourier(post),
      queue: createStorageQueueCourier(settings.storage, credential, mailBlobs),
      odoo: createOdooCourier(post),
    },
  };
  return { ...parts, sendOutlooks: createSendOutlooks(parts) };
}

let services: Services | undefined;

/** The services of this process. @throws GatewayError `settings-invalid` */
export function getServices(): Services {
  services ??= createServices(getSettings());
  return services;
}
