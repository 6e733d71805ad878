import * as z from 'zod';
import { problemSchema } from './problem-schema.ts';
import { legSchema, reportSchema } from './report-schema.ts';

/** One line of a report that is told while it is made. */
export const reportLineSchema = z
  .union([
    z.object({ leg: legSchema }).describe('A leg that ended; told of again, it has become this.'),
    z.object({ report: reportSchema }).describe('The last line: what was found in all.'),
    z.object({ problem: problemSchema }).describe('The last line where there is no report.'),
  ])
  .meta({ id: 'ReportLine' });
