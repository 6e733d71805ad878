import * as z from 'zod';
import { causeSchema } from './common-schemas.ts';

const statuses = ['queued', 'sending', 'sent', 'deferred', 'unknown', 'failed', 'bounced'] as const;
export const messageStatusSchema = z.enum(statuses);

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
    from: z.string(),
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
