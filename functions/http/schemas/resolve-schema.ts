import * as z from 'zod';
import { mailboxSchema, mailboxesSchema } from '../../messages/message-request.ts';
import { formatMailbox, hasControl } from '../../shared/address.ts';
import { rulesSchema } from './rule-schema.ts';

const line = z
  .string()
  .max(10_000)
  .refine((text) => !hasControl(text), 'must not contain control characters');
const headers = z
  .record(z.string().regex(/^[!-9;-~]{1,76}$/, 'is not a header name (RFC 5322 2.2)'), line)
  .refine((given) => Object.keys(given).length <= 100, 'must have at most 100 headers');

const message = z.strictObject({
  from: mailboxSchema.optional(),
  to: mailboxesSchema.optional(),
  cc: mailboxesSchema.optional(),
  subject: line.optional(),
  headers: headers.optional().describe('Any others, as in {"Delivered-To": "sales@contoso.com"}.'),
});

export const resolveBody = z
  .strictObject({
    message: message.optional(),
    received: z.string().max(100).optional().describe('The id of a received message.'),
    rules: rulesSchema.optional().describe('To be tried instead of those of the server.'),
  })
  .refine(
    ({ message: given, received }) => (given === undefined) !== (received === undefined),
    'must have either message or received',
  );

const step = { index: z.number().describe('From 0.'), name: z.string().optional() };

export const resolutionSchema = z
  .object({
    outcome: z.enum(['deliver', 'park', 'drop']),
    destinations: z.array(z.string()),
    rule: z.object(step).optional().describe('Left out: no rule takes it.'),
    why: z.string(),
    passedOver: z.array(z.object({ ...step, why: z.string() })).describe('The rules before it.'),
    mail: z
      .object({
        from: z.string().optional(),
        recipients: z.array(z.string()),
        subject: z.string(),
        flags: z.record(z.string(), z.boolean()),
      })
      .describe('What the rules have looked at.'),
  })
  .meta({ id: 'IncomingResolution' });

/** A message as it would come: only its header, for that is all that rules look at. */
export function toHead({
  from,
  to = [],
  cc = [],
  subject,
  headers: others = {},
}: z.output<typeof message>): Uint8Array {
  const lines = Object.entries(others).map(([name, value]) => `${name}: ${value}`);
  if (from !== undefined) lines.push(`From: ${formatMailbox(from)}`);
  if (to.length > 0) lines.push(`To: ${to.map(formatMailbox).join(',\r\n ')}`);
  if (cc.length > 0) lines.push(`Cc: ${cc.map(formatMailbox).join(',\r\n ')}`);
  if (subject !== undefined) lines.push(`Subject: ${subject}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
