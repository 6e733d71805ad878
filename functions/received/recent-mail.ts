import type { Memory } from '../shared/memory.ts';
import type { ReceivedMessage } from './received-message.ts';
import type { MailContent } from './take-apart.ts';

/** A mail that has come in a moment ago. */
export interface RecentMail {
  readonly row: ReceivedMessage;
  readonly content: MailContent;
}

/** Mail that is to be delivered, by its id: what was taken apart when it came is not read and taken apart once more. */
export type RecentMails = Memory<RecentMail>;

/** Remembers a mail until it is delivered, or there is no room for it any more. */
export function rememberMail(mail: RecentMail, mails: RecentMails): void {
  const { text, html = '' } = mail.content;
  mails.note(mail.row.id, mail, 4096 + 2 * (text.length + html.length));
}
