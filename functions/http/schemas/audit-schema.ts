import * as z from 'zod';
import { causeSchema } from './common-schemas.ts';

const list = (what: string) =>
  z
    .object({ count: z.number(), uids: z.array(z.number()).readonly().describe('The lowest, 20 at most.') })
    .describe(what);

export const auditBody = z
  .strictObject({ repair: z.boolean().default(false).describe('Have missing mail read again.') })
  .optional();

export const auditSchema = z
  .object({
    at: z.iso.datetime(),
    missing: z.number().describe('In all folders.'),
    repaired: z.number().describe('Of the missing, so many are read again with the next look.'),
    folders: z
      .array(
        z.object({
          folder: z.string(),
          uidValidity: z.number().optional(),
          inMailbox: z.number().describe('Mail from where reading began.'),
          inLedger: z.number(),
          known: z.number().describe('In the ledger under UIDs the folder had before.'),
          missing: list('In the mailbox, passed by the reader, and not in the ledger.'),
          waiting: list('In the mailbox, and yet to be read or tried again.'),
          gone: list('In the ledger, and no longer in the mailbox: no fault.'),
          extra: list('In the ledger twice, or although it was there before reading began.'),
          parked: list('In the ledger, but not delivered by itself.'),
          cause: causeSchema.optional().describe('Why the folder could not be looked at.'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Audit' });
