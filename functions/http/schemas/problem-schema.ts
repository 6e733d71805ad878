import * as z from 'zod';
import { errorCodes, type ErrorCode } from '../../shared/errors.ts';
import { reportSchema } from './report-schema.ts';

/** An RFC 9457 problem, as every error is told. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    retryable: z.boolean(),
    retryAfter: z.number().optional().describe('Seconds.'),
    remedy: z.string().optional(),
    upstream: z.record(z.string(), z.string()).optional(),
    report: reportSchema.optional().describe('Of a test that failed.'),
  })
  .meta({ id: 'Problem' });
