import addressparser from 'nodemailer/lib/addressparser';
import type { OpenRawMessage, RawChanges } from '../messages/raw-message.ts';
import { hasControl, isAddress, type Mailbox } from '../shared/address.ts';
import { GatewayError } from '../shared/errors.ts';
import { readRawHead, type HeaderField } from './raw-head.ts';
import { withCrlf } from './with-crlf.ts';

/** Those that RFC 5322 3.6 allows once: with two of them a message would mean two things at once. */
const single = [
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc'],
  ...['message-id', 'in-reply-to', 'references', 'subject', 'date'],
];
const hidden = ['bcc', 'resent-bcc'];
const longestSubject = 998;

/** Reads the header by nodemailer's address parser and postal-mime's decoder. The fields themselves are kept as octets. */
export const openRawMessage: OpenRawMessage = async (content) => {
  const { decodeWords } = await import('postal-mime');
  const { fields, body } = await readRawHead(content);
  for (const name of single) {
    if (fields.filter((field) => field.name === name).length > 1)
      throw invalid(pointerTo(name), 'stands in the header more than once');
  }
  const value = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;

  function mailboxes(name: string): Mailbox[] {
    return addressparser(value(name) ?? '', { flatten: true }).map(({ address, name: words }) => {
      const shown = decodeWords(words);
      if (!isAddress(address) || hasControl(shown)) throw invalid(pointerTo(name), 'has an address that is none');
      return shown === '' ? { address } : { name: shown, address };
    });
  }

  const [from, ...others] = mailboxes('from');
  if (others.length > 0 || (from === undefined && value('from') !== undefined))
    throw invalid('/from', 'must be one address');
  const messageId = value('message-id');
  if (messageId !== undefined && !/^<[^\s<>]{1,500}@[^\s<>]{1,500}>$/.test(messageId))
    throw invalid('/messageId', 'must be a Message-ID in angle brackets');
  const subject = decodeWords(value('subject') ?? '').replaceAll(/\p{Cc}+/gu, ' ');
  return {
    from,
    to: mailboxes('to'),
    cc: mailboxes('cc'),
    bcc: mailboxes('bcc'),
    replyTo: value('reply-to') === undefined ? undefined : mailboxes('reply-to'),
    subject: subject.slice(0, longestSubject),
    messageId,
    async *write(changes) {
      yield Buffer.from(`${(await changed(fields, changes)).join('\r\n')}\r\n\r\n`, 'latin1');
      yield* withCrlf(body);
    },
  };
};

/** The lines of the header with what is to be changed, octets as characters. */
async function changed(fields: readonly HeaderField[], changes: RawChanges): Promise<string[]> {
  const { default: MimeNode } = await import('nodemailer/lib/mime-node');
  const { foldLines } = await import('nodemailer/lib/mime-funcs');
  const isThere = (name: string): boolean => fields.some((field) => field.name === name);
  const line = (name: string, value: string): string => Buffer.from(foldLines(`${name}: ${value}`)).toString('latin1');
  const mailboxLine = (name: string, { name: shown = '', address }: Mailbox): string =>
    line(name, MimeNode.encodeHeaderValue(name, { name: shown, address }));

  const { from, replyTo, messageId, date } = changes;
  const replaced = [...hidden, ...(from === undefined ? [] : ['from'])];
  return [
    ...fields.filter(({ name }) => !replaced.includes(name)).map(({ text }) => text),
    ...(from === undefined ? [] : [mailboxLine('From', from)]),
    ...(replyTo === undefined || isThere('reply-to') ? [] : [mailboxLine('Reply-To', replyTo)]),
    ...(isThere('date') ? [] : [line('Date', date.toUTCString().replace('GMT', '+0000'))]),
    ...(isThere('message-id') ? [] : [line('Message-ID', messageId)]),
  ];
}

/** The name of the field in the JSON form. */
function pointerTo(name: string): string {
  return `/${name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}

function invalid(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${pointer}: ${detail}`, { data: { errors: [{ pointer, detail }] } });
}
