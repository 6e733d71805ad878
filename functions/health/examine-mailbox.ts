import type { Account } from '../accounts/account.ts';
import type { FolderState, OpenMailbox } from '../received/mailbox-reader.ts';
import type { LoginServer } from '../servers/authentication.ts';
import { requireAccount } from '../servers/log-in.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import type { GatewayError } from '../shared/errors.ts';
import type { HeldSecrets } from '../shared/held-secrets.ts';
import { examineImap, type ImapTarget } from './examine-imap.ts';
import { examinePassword } from './examine-password.ts';
import { examineSignIn, type SignInPorts } from './examine-sign-in.ts';
import { examineSmtp, type SmtpTarget } from './examine-smtp.ts';
import { createLegs, type TellLeg } from './legs.ts';
import type { OpenOutgoingProbe } from './outgoing-probe.ts';
import type { LegName, Report } from './report.ts';

export interface ExaminePorts extends SignInPorts {
  readonly heldSecrets: HeldSecrets;
  readonly openMailbox: OpenMailbox;
  readonly openProbe: OpenOutgoingProbe;
}

/** Who logs in: an account, or whoever a server's password belongs to. */
export type Who = { readonly account: Stored<Account> } | { readonly server: LoginServer };

/** Where to look; what is left out is not examined. */
export interface Targets {
  readonly imap?: ImapTarget;
  readonly smtp?: SmtpTarget;
}

export interface Examination {
  readonly report: Report;
  /** What kept the mailbox from working: the failure of the first leg that counts. */
  readonly failure: GatewayError | undefined;
  /** How the folders stand that were opened. */
  readonly folders: ReadonlyMap<string, FolderState>;
}

/** Who logs in to a server. @throws GatewayError `account-not-connected` when its account is gone */
export async function whoOf(server: LoginServer, { accounts }: Pick<ExaminePorts, 'accounts'>): Promise<Who> {
  return server.account === undefined ? { server } : { account: await requireAccount(server.account, accounts) };
}

/** Milliseconds for all of it: somebody sits before it. */
const patience = 45_000;

/** The legs that decide. What a token says of itself only explains them. */
const deciding: readonly LegName[] = [
  'credential',
  'token',
  'imap-login',
  'imap-select',
  'smtp-connect',
  'smtp-login',
  'smtp-sender',
];

/**
 * Examines a mailbox leg by leg: the sign-in of its account, if it has one, then IMAP and SMTP beside each other. Nothing
 * is sent, nothing in the mailbox changes.
 * @throws GatewayError `storage-unavailable`, `internal-error`
 */
export async function examineMailbox(
  call: Call,
  who: Who,
  { imap, smtp }: Targets,
  ports: ExaminePorts,
  tell?: TellLeg,
): Promise<Examination> {
  const legs = createLegs(call, tell);
  const bounded = { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(patience)]) };
  const protocols = [...(imap ? ['imap' as const] : []), ...(smtp ? ['smtp' as const] : [])];
  const proof =
    'account' in who
      ? await examineSignIn(bounded, legs, who.account, protocols, ports)
      : examinePassword(legs, who.server, ports.heldSecrets);
  const [folders = new Map<string, FolderState>()] = await Promise.all([
    imap && examineImap(bounded, legs, imap, proof, ports.openMailbox),
    smtp && examineSmtp(bounded, legs, smtp, proof, ports.openProbe),
  ]);
  const failure = legs.failure(...deciding);
  if (failure === undefined && legs.failure('claims') !== undefined)
    legs.pass('claims', `The token looks unusual, but the servers take it. ${legs.failure('claims')?.message ?? ''}`);
  return { report: legs.report(), failure, folders };
}
