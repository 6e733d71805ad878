import type { GatewayError } from '../shared/errors.ts';
import type { Kept } from './keep-batch.ts';
import type { MessageInfo } from './mailbox-reader.ts';

/** A mail that could not be read although others could. */
export interface Unread {
  readonly info: MessageInfo;
  readonly error: GatewayError;
}

/** What has become of a batch. */
export interface KeptAround extends Kept {
  /** Mail within `count` that could not be read. */
  readonly unread: readonly Unread[];
}

/**
 * Keeps a batch of mail, and where that fails each mail by itself, so that one that the server cannot give does not
 * stand in the way of the others (Exchange refuses the whole FETCH for one corrupt item). There is an error in the answer
 * when it is not about single mails: the connection, the mailbox or our storage fails, or none of them can be read.
 */
export async function keepAround(
  infos: readonly MessageInfo[],
  keep: (some: readonly MessageInfo[]) => Promise<Kept>,
): Promise<KeptAround> {
  const together = await keep(infos);
  const { error } = together;
  if (error === undefined || infos.length === 1 || !mayBeOneMail(error)) return { ...together, unread: [] };
  const unread: Unread[] = [];
  const met = [...together.met];
  for (const [count, info] of infos.entries()) {
    if (count < together.count) continue;
    const alone = await keep([info]);
    met.push(...alone.met);
    if (alone.error === undefined) continue;
    if (!mayBeOneMail(alone.error)) return { count, met, unread, error: alone.error };
    unread.push({ info, error: alone.error });
  }
  const [first] = unread;
  if (first !== undefined && unread.length === infos.length) return { count: 0, met, unread: [], error: first.error };
  return { count: infos.length, met, unread };
}

/** A command that was refused without word of waiting, or something unforeseen: anything but a connection that ended. */
export function mayBeOneMail({ code, data }: GatewayError): boolean {
  return code === 'internal-error' || (code === 'mail-server-busy' && data.retryAfter === undefined);
}

/** The connection ended, or the mail server fell silent. */
export function isBroken({ code }: GatewayError): boolean {
  return code === 'mail-server-unreachable';
}
