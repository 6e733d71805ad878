import type { AccountEventPorts } from '../accounts/account-events.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { Report } from '../health/report.ts';
import type { OpenMailbox } from '../received/mailbox-reader.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import type { Collection, States } from '../shared/collection.ts';
import type { Leases } from '../shared/lease.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { OpenOutgoingSession } from './mail-sender.ts';
import type { Message } from './message.ts';

/** What a sender works with. */
export interface SenderPorts extends AccountEventPorts {
  readonly tokens: MailboxTokens;
  readonly outgoingServers: Collection<OutgoingServer>;
  readonly outgoingStates: States<OutgoingState>;
  /** The last test of each server and account. */
  readonly tests: States<Report>;
  readonly messages: Records<Message>;
  readonly rawMail: RawMail;
  readonly leases: Leases;
  readonly queues: WorkQueues;
  readonly openOutgoing: OpenOutgoingSession;
  readonly openMailbox: OpenMailbox;
  /** Where the accounts' own mailboxes are read. */
  readonly imapServer: { readonly host: string; readonly port: number };
}
