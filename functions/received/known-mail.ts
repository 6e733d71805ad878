import type { Records } from '../shared/records.ts';
import { wasRead, type ReceivedMessage } from './received-message.ts';

/** What tells mails from each other when their UIDs no longer do. */
export type KnownMail = ReadonlySet<string>;

export const nothingKnown: KnownMail = new Set();

/**
 * The mail of a server that the ledger has under other UIDs than the present ones, arrived at `since` (ISO 8601) or
 * later.
 */
export async function listKnownMail(
  incomingServer: string,
  uidValidity: number,
  since: string,
  received: Records<ReceivedMessage>,
): Promise<KnownMail> {
  const known = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await received.list({ owners: [incomingServer], since, cursor, limit: 1000 });
    for (const row of page.data) if (wasRead(row) && row.uidValidity !== uidValidity) known.add(contentKeyOf(row));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return known;
}

/**
 * The same for a mail wherever its UID has gone: mailbox, folder, time of arrival and Message-ID; where there is none,
 * its size, sender and subject stand in.
 */
export function contentKeyOf({ mailbox, folder, createdAt, messageId, size, from, subject }: ReceivedMessage): string {
  return JSON.stringify([mailbox.toLowerCase(), folder, createdAt, messageId ?? [size, from, subject]]);
}
