import PostalMime, { type Email } from 'postal-mime';
import type { Microsoft365 } from '../../dev/microsoft365/start-microsoft365.ts';

export interface Mail extends Email {
  /** The header as it is written, lines and all. */
  readonly header: string;
  readonly raw: Buffer;
}

/** What lies in a folder of a mailbox, oldest first, as a mail program reads it. */
export async function mailOf(microsoft365: Microsoft365, address: string, folder = 'INBOX'): Promise<Mail[]> {
  const messages =
    microsoft365
      .mailbox(address)
      .folders()
      .find(({ path }) => path === folder)?.messages ?? [];
  return Promise.all(
    messages.map(async ({ raw }) => {
      const header = raw.subarray(0, raw.indexOf('\r\n\r\n')).toString();
      return { ...(await PostalMime.parse(raw)), header, raw };
    }),
  );
}
