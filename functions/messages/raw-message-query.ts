import * as z from 'zod';
import { isAddress } from '../shared/address.ts';
import { maxRecipients, messageRequest } from './message-request.ts';

const { tags, priority, scheduledAt, expiresAt, outgoingServer } = messageRequest.shape;

/** A field that may be given more than once. */
function listOf(items: Record<string, string>) {
  return z
    .unknown()
    .meta({ type: 'array', items })
    .transform((given) => (given === undefined || Array.isArray(given) ? given : [given]) as unknown[] | undefined);
}

const address = z.string().refine(isAddress, 'must be one address, as in ada@contoso.com');

/** What is told beside a message that is written already. */
export const rawMessageQuery = z.strictObject({
  envelopeFrom: address
    .optional()
    .describe('Where undeliverable mail is returned to. Left out: as the outgoing server and its domain have it.'),
  envelopeTo: listOf({ type: 'string', format: 'email' })
    .pipe(z.array(address).min(1).max(maxRecipients).optional())
    .optional()
    .describe('Whom it is sent to, whatever the header says. Left out: everybody in To, Cc and Bcc.'),
  tags: listOf({ type: 'string' }).pipe(tags).optional().default([]),
  priority,
  scheduledAt,
  expiresAt,
  outgoingServer,
});

export type RawMessageQuery = z.output<typeof rawMessageQuery>;
