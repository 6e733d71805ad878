import * as z from 'zod';
import { parkedReasons, receivedStatuses } from '../../received/received-message.ts';
import { pageQuery } from '../resource.ts';
import { causeSchema, idSchema } from './common-schemas.ts';

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
  status: z.enum(receivedStatuses),
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
  rule: z.string().optional().describe('The rule of its server that took it: its name, or its place as in `rule 2`.'),
  reason: z
    .object({ kind: z.enum(parkedReasons), detail: z.string() })
    .optional()
    .describe(
      'Why it is parked: it could not be read from the mailbox, a rule or the loop guard says so, or it means harm.',
    ),
  cause: causeSchema.optional().describe('Why it could not be read from the mailbox, or not all of it is shown.'),
};

export const receivedSummarySchema = z.object(common).meta({ id: 'ReceivedSummary' });

const replayTo = z
  .array(idSchema('dst', 'a destination'))
  .min(1)
  .max(10)
  .optional()
  .describe('Left out: where its rule said, else where its server says now.');

export const replayBody = z.strictObject({ destinations: replayTo }).prefault({});

const pageFields = {
  since: pageQuery.since.describe('Arrived then or later.'),
  before: pageQuery.since.describe('Arrived before.'),
  cursor: pageQuery.cursor,
  limit: z.number().int().min(1).max(200).default(100),
};

export const replayManyBody = z.strictObject({
  incomingServer: idSchema('inc', 'an incoming server'),
  status: z.enum(receivedStatuses),
  ...pageFields,
  destinations: replayTo,
});

export const replayedManySchema = z
  .object({
    replayed: z.number(),
    unreadable: z.number().describe('Mail that was never read from the mailbox: it stays parked.'),
    nextCursor: z.string().nullable().describe('Ask again with it until it is null.'),
  })
  .meta({ id: 'ReplayedMany' });

export const dropManyBody = z.strictObject({ incomingServer: idSchema('inc', 'an incoming server'), ...pageFields });

export const droppedManySchema = z
  .object({ dropped: z.number(), nextCursor: z.string().nullable().describe('Ask again with it until it is null.') })
  .meta({ id: 'DroppedMany' });

export const retryManyBody = z.strictObject({
  destination: idSchema('dst', 'a destination'),
  status: z.enum(['delivered', 'parked']).default('parked'),
  ...pageFields,
});

export const retriedManySchema = z
  .object({ retried: z.number(), nextCursor: z.string().nullable().describe('Ask again with it until it is null.') })
  .meta({ id: 'RetriedMany' });

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
    html: z.string().optional().describe('As it came: not to be shown as it is.'),
    safeHtml: z
      .string()
      .optional()
      .describe(
        'To be shown: no scripts, forms or styles from elsewhere. Images of the mail are cid:, remote ones have their address in data-src.',
      ),
    attachments: z.array(
      z.object({
        filename: z.string(),
        contentType: z.string(),
        size: z.number(),
        contentId: z.string().optional(),
        disposition: z.enum(['attachment', 'inline']),
      }),
    ),
    answers: z
      .object({ id: z.string(), tags: z.array(z.string()).readonly(), metadata: z.record(z.string(), z.string()) })
      .optional()
      .describe('The message that it answers, where that was sent through here.'),
    inReplyTo: z.string().optional(),
    references: z.array(z.string()),
    deliveries: z.array(deliverySchema),
  })
  .meta({ id: 'ReceivedMessage' });
