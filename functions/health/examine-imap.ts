import type { FolderState, MailboxSession, OpenMailbox } from '../received/mailbox-reader.ts';
import type { MailServer } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import { createBranch } from './branch.ts';
import type { Explain, Legs } from './legs.ts';
import type { Proof } from './proof.ts';

export interface ImapTarget {
  readonly server: MailServer;
  /** The mailbox to open; it may be a shared one. */
  readonly mailbox: string;
  readonly folders: readonly string[];
  /** Where mail that was read is moved to. */
  readonly moveTo?: string | undefined;
}

/** Goes the legs `imap-login` and `imap-select`. Answers how the folders stand that were opened. */
export async function examineImap(
  call: Call,
  legs: Legs,
  { server, mailbox, folders, moveTo }: ImapTarget,
  proof: Proof | undefined,
  openMailbox: OpenMailbox,
): Promise<ReadonlyMap<string, FolderState>> {
  const opened = new Map<string, FolderState>();
  if (proof === undefined) {
    legs.notReached('imap-login', 'imap-select');
    return opened;
  }
  const place = `${server.host}:${String(server.port)}`;
  const branch = createBranch(
    call,
    () =>
      new GatewayError('mail-server-unreachable', `${place}: it did not answer in time.`, {
        data: { upstream: { protocol: 'imap' } },
      }),
  );
  const explain: Explain = (error) => proof.explain(error, 'imap', mailbox);

  const entered = await legs.go(
    'imap-login',
    `Logging in to ${place} as ${mailbox}`,
    async () => {
      const entrance = await enter(() => branch.within(() => proof.logIn(branch.call, server, mailbox, openMailbox)));
      return { detail: `${place} takes the login as ${mailbox}.`, brings: entrance };
    },
    explain,
  );
  if (entered === undefined) {
    legs.notReached('imap-select');
    return opened;
  }
  await legs.go(
    'imap-select',
    `Opening ${folders.join(', ')} of ${mailbox}`,
    async () => {
      if ('locked' in entered) throw entered.locked;
      for (const [index, folder] of folders.entries()) {
        opened.set(folder, await branch.within(() => open(entered.session, folder, `/folders/${index}`)));
      }
      if (moveTo !== undefined) await branch.within(() => open(entered.session, moveTo, '/afterFetch/move'));
      return { detail: `Opened: ${folders.join(', ')}.`, brings: undefined };
    },
    explain,
  );
  if ('session' in entered) await entered.session.close();
  return opened;
}

type Entrance = { readonly session: MailboxSession } | { readonly locked: GatewayError };

/** A mailbox that does not open although the login was taken is the next leg's matter. */
async function enter(login: () => Promise<MailboxSession>): Promise<Entrance> {
  try {
    return { session: await login() };
  } catch (thrown) {
    const locked = toGatewayError(thrown);
    if (locked.code !== 'mailbox-not-opened') throw locked;
    return { locked };
  }
}

async function open(session: MailboxSession, folder: string, pointer: string): Promise<FolderState> {
  try {
    return await session.open(folder);
  } catch (thrown) {
    const { code, message, cause, data } = toGatewayError(thrown);
    if (code !== 'folder-not-found') throw thrown;
    const errors = [{ pointer, detail: 'is not a folder of this mailbox' }];
    throw new GatewayError(code, message, { cause, data: { ...data, errors } });
  }
}
