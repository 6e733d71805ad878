import * as z from 'zod';
import { causeSchema } from './common-schemas.ts';

const time = z.iso.datetime().optional();
const named = { id: z.string(), name: z.string(), lastError: causeSchema.optional() };

export const statusSchema = z
  .object({
    nextExpiry: time.describe('When the client secret of the app registration expires, where that is known.'),
    accounts: z.array(
      z.object({
        id: z.string(),
        address: z.string(),
        state: z.enum(['not-connected', 'connected', 'reauth-required']),
        connectedAt: time,
        lastError: causeSchema.optional(),
      }),
    ),
    outgoingServers: z.array(
      z.object({
        ...named,
        active: z.boolean(),
        lastSentAt: time,
        pausedUntil: time.describe('Nothing is sent before, or no more than the limits allow.'),
        queued: z.number().describe('Messages not finished; of each priority 1000 are counted.'),
        nextSendAt: time.describe('When the next of them is likely to be sent.'),
        rate: z
          .object({
            messagesLastMinute: z.number(),
            perMinute: z.number(),
            recipientsLastDay: z.number(),
            recipientsPerDay: z.number(),
            isNearlyUsedUp: z.boolean().describe('80 % of the recipients of a day are used.'),
          })
          .describe('Of the mailbox, all its outgoing servers together.'),
      }),
    ),
    incomingServers: z.array(
      z.object({
        ...named,
        state: z.enum(['draft', 'confirmed', 'disabled']),
        isFailing: z.boolean(),
        lastFetchAt: time,
        nextFetchAt: time,
        lastAudit: z
          .object({ at: z.iso.datetime(), missing: z.number() })
          .optional()
          .describe('When the mailbox was last compared with what was received, and how much was missing.'),
      }),
    ),
    destinations: z.array(
      z.object({
        ...named,
        state: z.enum(['active', 'disabled']),
        waiting: z.number().describe('Deliveries to make; 1000 are counted.'),
        lastDeliveredAt: time,
      }),
    ),
  })
  .meta({ id: 'Status' });
