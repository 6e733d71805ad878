import * as z from 'zod';
import { legNames, legStatuses, type Report } from '../../health/report.ts';
import { errorCodes } from '../../shared/errors.ts';
import { actorSchema } from './common-schemas.ts';

export const legSchema = z.object({
  leg: z.enum(legNames),
  status: z.enum(legStatuses),
  detail: z.string(),
  code: z.enum(Object.keys(errorCodes) as [string]).optional(),
  cause: z.string().optional(),
  actor: actorSchema.optional(),
  remedy: z.string().optional(),
  upstream: z
    .object({
      protocol: z.string(),
      code: z.string().optional(),
      enhanced: z.string().optional(),
      aadsts: z.string().optional(),
      text: z.string().optional(),
    })
    .optional(),
  tookMs: z.number().int(),
});

/** What a test of a mailbox found, leg by leg. */
export const reportSchema = z
  .object({
    ok: z.boolean(),
    checkedAt: z.iso.datetime(),
    tookMs: z.number().int(),
    summary: z.string(),
    legs: z.array(legSchema),
  })
  .meta({ id: 'Report' });

export function toReportView(report: Report | undefined): z.output<typeof reportSchema> | undefined {
  return report && { ...report, legs: [...report.legs] };
}
