import type { Address, Email } from 'postal-mime';
import type { MailHeaders } from '../received/parse-mime.ts';
import type { Mailbox } from '../shared/address.ts';
import { readMailFlags } from './mail-flags.ts';
import { readRecipients } from './mail-recipients.ts';
import { parseMessageIds } from './message-ids.ts';

const longestSubject = 10_000;
const mostAddresses = 1000;
const mostReferences = 100;
const longestDate = 200;

/** The headers that the parser found, bounded, each of them in one line. */
export function headersOf(mail: Email): MailHeaders {
  const values = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!values.has(key)) values.set(key, value);
  const [messageId] = parseMessageIds(mail.messageId ?? '');
  const [inReplyTo] = parseMessageIds(mail.inReplyTo ?? '');
  const [from] = mailboxes(mail.from === undefined ? [] : [mail.from]);
  const date = isoDate(mail.date);
  return {
    ...(messageId !== undefined && { messageId }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    references: bounded(parseMessageIds(mail.references ?? '')),
    ...(from !== undefined && { from }),
    to: mailboxes(mail.to ?? []),
    cc: mailboxes(mail.cc ?? []),
    recipients: readRecipients(mail.headers),
    replyTo: mailboxes(mail.replyTo ?? []),
    subject: oneLine(mail.subject ?? '')
      .slice(0, longestSubject)
      .toWellFormed(),
    ...(date !== undefined && { date }),
    flags: readMailFlags((name) => values.get(name), from?.address),
  };
}

/** Groups in their members; what has no address is left out. */
function mailboxes(addresses: readonly Address[]): Mailbox[] {
  return addresses
    .flatMap((each) => (each.group === undefined ? [each] : each.group))
    .filter(({ address }) => address !== '')
    .slice(0, mostAddresses)
    .map(({ name, address }) => ({ name, address: withoutRoute(address) }))
    .map(({ name, address }) => (name === '' ? { address } : { name: oneLine(name), address }));
}

/** `@relay.example:` before an address says the way it took, long ago (RFC 5322 4.4); `mailto:` is of the Web (RFC 6068). */
function withoutRoute(address: string): string {
  return address.replace(/^(?:@[^:]*|mailto):/i, '');
}

/** An encoded word may hide control characters, line breaks among them. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

/** The first, where a conversation began, and the last (RFC 5322 3.6.4). */
function bounded(references: string[]): string[] {
  return references.length <= mostReferences
    ? references
    : [...references.slice(0, 1), ...references.slice(1 - mostReferences)];
}

const dayAndTime = /\b(\d{1,2} +[a-z]{3} +\d{4} +\d{1,2}:\d\d(?::\d\d)?)(?: +([+-]\d{4}))?/i;

/** Years beyond 9999 have no form that all readers know (RFC 3339). */
function isoDate(text = ''): string | undefined {
  const asWritten = Date.parse(text);
  const time = Number.isNaN(asWritten) ? Date.parse(dateIn(text)) : asWritten;
  const date = Number.isNaN(time) ? '' : new Date(time).toISOString();
  return /^\d{4}-/.test(date) ? date : undefined;
}

/** A date with something else around it. A zone that nobody knows says no more than UTC (RFC 5322 4.3). */
function dateIn(text: string): string {
  const plain = text
    .slice(0, longestDate)
    .replaceAll(/\([^()]*\)/g, '')
    .replaceAll(/ *: */g, ':');
  const [, day, zone = '+0000'] = dayAndTime.exec(plain) ?? [];
  return day === undefined ? '' : `${day} ${zone}`;
}
