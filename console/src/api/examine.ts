import type { Leg, Report } from '../parts/doctor-report.tsx';
import { api } from './client.ts';
import { ConnectionError, ProblemError, type Problem } from './problem.ts';

/** What can be tested leg by leg. */
export type TestPath = '/v1/accounts/{id}/test' | '/v1/outgoing-servers/{id}/test' | '/v1/incoming-servers/{id}/test';

type Line = { readonly leg?: Leg; readonly report?: Report; readonly problem?: Problem };

/**
 * Tests a mailbox, telling of each leg as it ends.
 * @throws ProblemError, ConnectionError (also where the line breaks before the report has come)
 */
export async function examine(path: TestPath, id: string, tell: (leg: Leg) => void): Promise<Report> {
  const { data } = await api.POST(path, {
    params: { path: { id } },
    headers: { accept: 'application/x-ndjson' },
    parseAs: 'stream',
  });
  const reader = (data as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { leg, report, problem } = JSON.parse(line) as Line;
      if (problem) throw new ProblemError(problem);
      if (report) return report;
      if (leg) tell(leg);
    }
  }
  throw new ConnectionError('The test was cut off.');
}
