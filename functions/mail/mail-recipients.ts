import addressparser from 'nodemailer/lib/addressparser';

/**
 * Headers that name whom a mail was for. First those that a server writes of the mailbox it delivers to, for they tell an
 * alias or a catchall address that To does not show; RFC 5322 3.6.3 and 3.6.6 have the others.
 */
const naming = [
  ...['delivered-to', 'x-delivered-to', 'x-original-to', 'original-recipient', 'envelope-to', 'x-envelope-to'],
  ...['x-forwarded-to', 'apparently-to', 'resent-to', 'resent-cc', 'to', 'cc', 'bcc'],
];
/** Exchange lets no mail have more; a stranger may write thousands into a header. */
const most = 500;

/** Everybody a mail says it is for, each once, in lower case. */
export function readRecipients(headers: readonly { readonly key: string; readonly value: string }[]): string[] {
  const found = new Set<string>();
  for (const name of naming) {
    for (const { key, value } of headers) {
      if (key !== name) continue;
      // RFC 3798 2.3: Original-Recipient has a type before the address.
      const text = name === 'original-recipient' ? value.replace(/^[^;]*;/, '') : value;
      for (const { address } of addressparser(text, { flatten: true })) {
        if (found.size === most) return [...found];
        if (address.includes('@')) found.add(address.toLowerCase());
      }
    }
  }
  return [...found];
}
