import { PassThrough, type Readable } from 'node:stream';
import type { TellLeg } from '../health/legs.ts';
import type { Report } from '../health/report.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Answer } from './endpoint.ts';
import { toProblem } from './problems.ts';

const lines = 'application/x-ndjson';

/** For endpoints that tell of an examination while it goes on. */
export const linesHeader = { Accept: `${lines}: a line for each leg as it ends, and the report as the last.` } as const;

/** The answer with what an examination found: as a whole at its end, or, where the caller accepts it, line by line. */
export async function reportAnswer(
  call: Call,
  { header, path }: { header: (name: string) => string | undefined; path: string },
  examine: (tell?: TellLeg) => Promise<Report>,
): Promise<Answer<Report | Readable>> {
  if (!header('accept')?.includes(lines)) return { body: await examine() };
  const body = new PassThrough();
  const write = (line: object): void => {
    // Who has gone away is told no more; the examination goes on to its end and is kept.
    if (!body.destroyed) body.write(`${JSON.stringify(line)}\n`);
  };
  void examine((leg) => {
    write({ leg });
  })
    .then((report) => {
      write({ report });
    })
    .catch((thrown: unknown) => {
      // The status was sent with the first line.
      const error = toGatewayError(thrown);
      call.log.error(error.message, { code: error.code, cause: error.cause });
      write({ problem: toProblem(error, path) });
    })
    .finally(() => body.end());
  return { headers: { 'content-type': lines }, body };
}
