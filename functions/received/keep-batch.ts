import type { Call } from '../shared/call.ts';
import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { FetchPorts } from './fetch-ports.ts';
import type { KeptBatch } from './keep-bytes.ts';
import { keepMail, type Source } from './keep-mail.ts';
import type { KnownMail } from './known-mail.ts';
import type { MailboxSession, MessageInfo } from './mailbox-reader.ts';

/** How much of a batch is kept and delivered. */
export interface Kept {
  /** How many mails, from the first. */
  readonly count: number;
  /** UIDs of those the ledger had under other UIDs. */
  readonly met: readonly number[];
  /** Why it is not all of them. */
  readonly error?: GatewayError;
}

/**
 * Keeps and delivers what was read of a batch, up to the first mail that is not there: where connections break again and
 * again, each brings the mailbox on. Never throws.
 */
export async function keepBatch(
  call: Call,
  source: Source,
  infos: readonly MessageInfo[],
  reading: Promise<KeptBatch>,
  known: KnownMail,
  session: MailboxSession,
  ports: FetchPorts,
): Promise<Kept> {
  try {
    const { bytes, brokenOff } = await reading;
    const missing = brokenOff === undefined ? -1 : infos.findIndex(({ uid }) => !bytes.has(uid));
    const here = missing === -1 ? infos : infos.slice(0, missing);
    const met = here.length === 0 ? [] : await keepMail(call, source, here, bytes, known, session, ports);
    return { count: here.length, met, ...(brokenOff !== undefined && { error: brokenOff }) };
  } catch (thrown) {
    return { count: 0, met: [], error: toGatewayError(thrown) };
  }
}
