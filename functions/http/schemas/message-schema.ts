import * as z from 'zod';
import { messageStatuses, priorities } from '../../messages/message.ts';
import { causeSchema } from './common-schemas.ts';

export const messageStatusSchema = z.enum(messageStatuses);

export const acceptedSchema = z
  .object({
    id: z.string(),
    status: messageStatusSchema,
    messageId: z.string(),
    from: z.string(),
    outgoingServer: z.string(),
    estimatedSendAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'AcceptedMessage' });

export const messageSchema = z
  .object({
    id: z.string(),
    status: messageStatusSchema,
    messageId: z.string(),
    from: z.string().describe('As it is sent.'),
    requestedFrom: z.string().optional().describe('As it was asked for.'),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    bcc: z.array(z.string()),
    subject: z.string(),
    outgoingServer: z.string(),
    envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
    recipients: z.array(
      z.object({
        address: z.string(),
        status: z.enum(['waiting', 'sent', 'refused', 'bounced']),
        reply: z.string().optional(),
        code: z.string().optional().describe('RFC 3463.'),
      }),
    ),
    size: z.number().describe('Octets.'),
    priority: z.enum(priorities),
    scheduledAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime().optional(),
    attempts: z.number(),
    nextAttemptAt: z.iso.datetime().optional(),
    sentAt: z.iso.datetime().optional(),
    lastReply: z.string().optional(),
    cause: causeSchema.optional(),
    history: z.array(z.object({ at: z.iso.datetime(), status: messageStatusSchema, detail: z.string().optional() })),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Message' });
