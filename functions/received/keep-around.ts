import { toGatewayError, type GatewayError } from '../shared/errors.ts';
import type { MessageInfo } from './mailbox-reader.ts';

/** A mail that could not be read although others could. */
export interface Unread {
  readonly info: MessageInfo;
  readonly error: GatewayError;
}

/**
 * Keeps a batch of mail, and where that fails each mail by itself, so that one that the server cannot give does not
 * stand in the way of the others (Exchange refuses the whole FETCH for one corrupt item).
 * @returns the mail that could not be read
 * @throws GatewayError when it is not about single mails: the connection, the mailbox or our storage fails, or none of
 *   them can be read
 */
export async function keepAround(
  infos: readonly MessageInfo[],
  keep: (some: readonly MessageInfo[]) => Promise<void>,
): Promise<Unread[]> {
  try {
    await keep(infos);
    return [];
  } catch (thrown) {
    if (infos.length === 1 || !mayBeOneMail(toGatewayError(thrown))) throw thrown;
  }
  const unread: Unread[] = [];
  for (const info of infos) {
    try {
      await keep([info]);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (!mayBeOneMail(error)) throw error;
      unread.push({ info, error });
    }
  }
  const [first] = unread;
  if (first !== undefined && unread.length === infos.length) throw first.error;
  return unread;
}

/** A command that was refused without word of waiting, or something unforeseen: anything but a connection that ended. */
export function mayBeOneMail({ code, data }: GatewayError): boolean {
  return code === 'internal-error' || (code === 'mail-server-busy' && data.retryAfter === undefined);
}
