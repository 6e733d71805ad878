import type { AccountEventPorts } from '../accounts/account-events.ts';
import type { Account } from '../accounts/account.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { Message } from '../messages/message.ts';
import type { SentId } from '../messages/sent-ids.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { Passwords } from '../servers/passwords.ts';
import type { Among, Collection, Recent, States } from '../shared/collection.ts';
import type { LeasedStates } from '../shared/lease.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { Room } from '../shared/room.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import type { OpenMailbox } from './mailbox-reader.ts';
import type { MimeParser } from './parse-mime.ts';
import type { ReceivedMessage } from './received-message.ts';

/** What a reader of mailboxes works with. */
export interface FetchPorts extends AccountEventPorts {
  readonly accounts: Collection<Account> & Recent<Account>;
  readonly tokens: MailboxTokens;
  readonly passwords: Passwords;
  readonly incomingServers: Collection<IncomingServer> & Among<IncomingServer>;
  readonly incomingStates: LeasedStates<IncomingState>;
  readonly received: Records<ReceivedMessage>;
  /** Those that answers and delivery reports may be about. */
  readonly messages: Records<Message>;
  readonly sentIds: States<SentId>;
  readonly rawMail: RawMail;
  /** For mail that is held in memory on its way. */
  readonly room: Room;
  readonly queues: WorkQueues;
  readonly openMailbox: OpenMailbox;
  readonly mimeParser: MimeParser;
}
