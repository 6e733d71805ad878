import type { AccountEventPorts } from '../accounts/account-events.ts';
import type { Account } from '../accounts/account.ts';
import type { MailboxTokens } from '../accounts/sign-in.ts';
import type { Report } from '../health/report.ts';
import type { OpenMailbox } from '../received/mailbox-reader.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import type { Collection, Recent, States } from '../shared/collection.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import type { Leases } from '../shared/lease.ts';
import type { OpenOutgoingSession } from './mail-sender.ts';
import type { StepPorts } from './message-steps.ts';
import type { Pace } from './pace.ts';

/** What a sender works with. */
export interface SenderPorts extends StepPorts, AccountEventPorts {
  readonly destinations: StepPorts['destinations'];
  readonly accounts: AccountEventPorts['accounts'] & Recent<Account>;
  readonly tokens: MailboxTokens;
  readonly heldSecrets: HeldSecrets;
  readonly outgoingServers: Collection<OutgoingServer>;
  readonly outgoingStates: States<OutgoingState>;
  /** The last test of each server and account. */
  readonly tests: States<Report>;
  readonly paces: Collection<Pace>;
  readonly leases: Leases;
  readonly openOutgoing: OpenOutgoingSession;
  readonly openMailbox: OpenMailbox;
  /** Where the accounts' own mailboxes are read. */
  readonly imapServer: { readonly host: string; readonly port: number };
}
