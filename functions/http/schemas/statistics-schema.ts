import * as z from 'zod';

export const statisticsSchema = z
  .object({
    buckets: z
      .array(
        z.object({
          from: z.iso.datetime().describe('An hour from then.'),
          sent: z.number().int(),
          received: z.number().int(),
          failed: z.number().int().describe('Expired ones included.'),
          bounced: z.number().int(),
        }),
      )
      .describe('The oldest first. A message counts in the hour it was handed over, by what has become of it.'),
    complete: z.boolean().describe('False: hours are left out that could not be counted in time; ask again.'),
  })
  .meta({ id: 'Statistics' });
