import * as z from 'zod';
import { causeSchema } from './common-schemas.ts';

const flags = z.object({
  autoReply: z.boolean(),
  bounce: z.boolean(),
  list: z.boolean(),
  readReceipt: z.boolean(),
});

const bounce = z.object({
  message: z.string().optional().describe('The id of the message; left out when it was not sent through here.'),
  recipients: z.array(
    z.object({
      addresses: z.array(z.string()),
      action: z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']),
      code: z.string().optional().describe('RFC 3463.'),
      reason: z.string(),
    }),
  ),
});

const common = {
  id: z.string(),
  incomingServer: z.string(),
  status: z.enum(['received', 'parked']),
  mailbox: z.string(),
  folder: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  messageId: z.string().optional(),
  flags,
  bounce: bounce.optional().describe('What a delivery report says.'),
  size: z.number().describe('Octets.'),
  receivedAt: z.iso.datetime(),
  fetchedAt: z.iso.datetime(),
  cause: causeSchema.optional().describe('Why it is parked: it could not be read from the mailbox.'),
};

export const receivedSummarySchema = z.object(common).meta({ id: 'ReceivedSummary' });

export const replayedSchema = z.object({ destinations: z.array(z.string()) }).meta({ id: 'Replayed' });

export const deliverySchema = z
  .object({
    id: z.string(),
    destination: z.string(),
    event: z.object({
      id: z.string(),
      type: z.string(),
      timestamp: z.iso.datetime(),
      about: z.string(),
      data: z.record(z.string(), z.unknown()).optional(),
    }),
    status: z.enum(['pending', 'delivered', 'parked']),
    attempts: z.number(),
    nextAttemptAt: z.iso.datetime().optional(),
    deliveredAt: z.iso.datetime().optional(),
    cause: causeSchema.optional(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Delivery' });

export const receivedSchema = z
  .object({
    ...common,
    cc: z.array(z.string()),
    replyTo: z.array(z.string()),
    date: z.string().optional(),
    text: z.string(),
    html: z.string().optional(),
    attachments: z.array(
      z.object({
        filename: z.string(),
        contentType: z.string(),
        size: z.number(),
        contentId: z.string().optional(),
        disposition: z.enum(['attachment', 'inline']),
      }),
    ),
    inReplyTo: z.string().optional(),
    references: z.array(z.string()),
    deliveries: z.array(deliverySchema),
  })
  .meta({ id: 'ReceivedMessage' });
