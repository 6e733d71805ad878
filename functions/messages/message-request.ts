import * as z from 'zod';
import { priorities } from './message.ts';
import { hasControl, isAddress, parseMailbox, type Mailbox } from '../shared/address.ts';

const mailboxObject = z.strictObject({ name: z.string().max(256).optional(), address: z.string() });
const mailboxShape = {
  anyOf: [
    { type: 'string', examples: ['Ada Lovelace <ada@contoso.com>'] },
    {
      type: 'object',
      properties: { name: { type: 'string' }, address: { type: 'string', format: 'email' } },
      required: ['address'],
      additionalProperties: false,
    },
  ],
};
const notAnAddress = 'must be one address, as in "Ada Lovelace <ada@contoso.com>" or {"name", "address"}';

/** One address, in either form. */
export const mailboxSchema = z
  .unknown()
  .meta(mailboxShape)
  .transform(
    (given, context): Mailbox =>
      toMailbox(given) ?? refuse(context, [], given === undefined ? 'is required' : notAnAddress),
  );

/** One address or a list of them. */
export const mailboxesSchema = z
  .unknown()
  .meta({ anyOf: [...mailboxShape.anyOf, { type: 'array', items: mailboxShape, maxItems: 500 }] })
  .transform((given, context): Mailbox[] => {
    if (!Array.isArray(given)) return [toMailbox(given) ?? refuse(context, [], notAnAddress)];
    return given.map((one: unknown, index) => toMailbox(one) ?? refuse(context, [index], notAnAddress));
  });

function toMailbox(given: unknown): Mailbox | undefined {
  if (typeof given === 'string') return parseMailbox(given);
  const parsed = mailboxObject.safeParse(given);
  if (!parsed.success || !isAddress(parsed.data.address) || hasControl(parsed.data.name ?? '')) return undefined;
  const { name, address } = parsed.data;
  return name === undefined || name === '' ? { address } : { name, address };
}

function refuse(context: z.core.$RefinementCtx, path: (string | number)[], message: string): never {
  context.addIssue({ code: 'custom', path, message, input: undefined });
  return z.NEVER;
}

/** Text that may stand in a header. */
const headerText = z
  .string()
  .max(10_000)
  .refine((text) => !hasControl(text), 'must not contain CR, LF, NUL or other control characters');

const messageId = headerText.regex(/^<[^\s<>]+@[^\s<>]+>$/, 'must be a Message-ID in angle brackets');

// What Postern or the servers write themselves. A second one would make the message mean two things at once.
const structural =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|dkim-signature|received|return-path|resent-.*|arc-.*|authentication-results)$/i;

const headers = z.record(z.string(), headerText).superRefine((given, context) => {
  for (const name of Object.keys(given)) {
    if (!/^[!-9;-~]{1,76}$/.test(name)) refuse(context, [name], 'is not a header name (RFC 5322 2.2)');
    else if (structural.test(name))
      refuse(context, [name], 'is written by Postern itself; use the field of the request for it');
  }
});

export const mostAttachments = 200;

/** A file that goes with a message. */
export const attachment = z.strictObject({
  filename: headerText.min(1).max(255),
  contentType: z
    .string()
    .regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(; *[a-z0-9_-]+=("[^"\r\n]*"|[^\s";]+))*$/i, 'must be a media type')
    .optional(),
  content: z
    .string()
    .meta({ contentEncoding: 'base64' })
    .transform(
      (text, context): Uint8Array => decodeBase64(text) ?? refuse(context, [], 'must be base64 (RFC 4648 section 4)'),
    ),
  contentId: headerText
    .regex(/^[^\s<>]+$/, 'must be a Content-ID without angle brackets')
    .max(255)
    .optional(),
  disposition: z.enum(['attachment', 'inline']).optional(),
});

function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)
    ? Buffer.from(compact, 'base64')
    : undefined;
}

/** A time in any zone, as ISO 8601 in UTC. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be a time, as in 2026-01-31T12:00:00Z' })
  .transform((text) => new Date(text).toISOString());

export const maxRecipients = 500;
/** Characters of all names and addresses together: a message is one row of a table, which holds a megabyte. */
export const maxRecipientText = 100_000;
const maxMetadata = 50;

/** A message as a caller hands it over. */
export const messageRequest = z
  .strictObject({
    from: mailboxSchema.optional().describe('Left out: the notifications address.'),
    to: mailboxesSchema.optional(),
    cc: mailboxesSchema.optional(),
    bcc: mailboxesSchema.optional(),
    replyTo: mailboxesSchema.optional(),
    subject: headerText.max(998).default(''),
    text: z.string().optional(),
    html: z.string().optional(),
    attachments: z.array(attachment).max(mostAttachments).default([]),
    headers: headers.default({}),
    inReplyTo: messageId.optional(),
    references: z.array(messageId).max(100).default([]),
    tags: z.array(z.string().min(1).max(100)).max(20).default([]).describe('Echoed in events, never sent out.'),
    metadata: z
      .record(z.string().min(1).max(100), z.string().max(1000))
      .refine((given) => Object.keys(given).length <= maxMetadata, `must have at most ${maxMetadata} entries`)
      .default({})
      .describe('Echoed in events, never sent out.'),
    priority: z.enum(priorities).default('normal').describe('What a server sends first.'),
    scheduledAt: time.optional().describe('When to send it; within a year.'),
    expiresAt: time.optional().describe('When to give up: from then on it is not sent any more.'),
    outgoingServer: z.string().optional().describe('Send through this server, whatever its From filter says.'),
  })
  .superRefine((message, context) => {
    const recipients = [message.to, message.cc, message.bcc].flatMap((list) => list ?? []);
    const text = recipients.reduce((sum, { name = '', address }) => sum + name.length + address.length, 0);
    if (recipients.length === 0) refuse(context, ['to'], 'at least one of to, cc and bcc must name a recipient');
    if (recipients.length > maxRecipients)
      refuse(context, ['to'], `to, cc and bcc name ${recipients.length} recipients, more than ${maxRecipients}`);
    if (text > maxRecipientText)
      refuse(context, ['to'], `to, cc and bcc have ${text} characters, more than ${maxRecipientText}`);
    if (message.text === undefined && message.html === undefined)
      refuse(context, ['text'], 'at least one of text and html is required');
  });

export type MessageRequest = z.output<typeof messageRequest>;

/** What there is to know of a message besides its content. */
export type MessageFacts = Omit<
  MessageRequest,
  'text' | 'html' | 'attachments' | 'headers' | 'inReplyTo' | 'references'
> & {
  /** The Message-ID it has; left out: it gets one. */
  readonly messageId?: string | undefined;
  /** Where undeliverable mail is returned to; left out: as the outgoing server and its domain have it. */
  readonly envelopeFrom?: string | undefined;
  /** Whom it is sent to; left out: everybody in to, cc and bcc. */
  readonly envelopeTo?: readonly string[] | undefined;
};
