import type { AccountEventPorts } from '../accounts/account-events.ts';
import type { Account } from '../accounts/account.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { DeliverPorts } from '../events/deliver-due.ts';
import type { Message } from '../messages/message.ts';
import type { SentId } from '../messages/sent-ids.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Among, Collection, Recent, States } from '../shared/collection.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { LeasedStates } from '../shared/lease.ts';
import type { PutSmall, RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { OpenMailbox } from './mailbox-reader.ts';

/** What a reader of mailboxes works with: it delivers what it has read. */
export interface FetchPorts extends AccountEventPorts, DeliverPorts {
  readonly accounts: Collection<Account> & Recent<Account>;
  readonly tokens: MailboxTokens;
  readonly heldSecrets: HeldSecrets;
  readonly incomingServers: Collection<IncomingServer> & Among<IncomingServer>;
  readonly incomingStates: LeasedStates<IncomingState>;
  /** Those that answers and delivery reports may be about. */
  readonly messages: Records<Message>;
  readonly sentIds: States<SentId>;
  readonly rawMail: RawMail & PutSmall;
  readonly openMailbox: OpenMailbox;
}
