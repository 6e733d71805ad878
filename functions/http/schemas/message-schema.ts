import * as z from 'zod';
import { estimateSendAt } from '../../messages/estimate-send-at.ts';
import { publicMessage } from '../../messages/public-message.ts';
import { messageStatuses, priorities, type Message } from '../../messages/message.ts';
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

/** What a message would become; nothing of it is kept. */
export const previewSchema = z
  .object({
    outgoingServer: z.object({ id: z.string(), name: z.string() }),
    from: z.string(),
    replyTo: z.array(z.string()),
    envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
    size: z.number().describe('Octets.'),
    estimatedSendAt: z.iso.datetime(),
    why: z.string().describe('Why this server.'),
    warnings: z.array(z.object({ pointer: z.string(), detail: z.string() })),
  })
  .meta({ id: 'MessagePreview' });

export const messageSchema = z
  .object({
    id: z.string(),
    status: messageStatusSchema,
    messageId: z.string(),
    serverMessageId: z.string().optional().describe('The Message-ID that the mail server gave it instead.'),
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
    estimatedSendAt: z.iso.datetime().optional().describe('While it waits to be sent.'),
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

/** The message without what is ours alone: who handed it over, and whose login it was sent with. */
export function toMessageView(message: Message) {
  const estimatedSendAt = estimateSendAt(message);
  return { ...publicMessage(message), ...(estimatedSendAt !== undefined && { estimatedSendAt }) };
}
