import type { components } from './schema.d.ts';

export type Problem = components['schemas']['Problem'];

/** What the API answered instead of what was asked for, as it says it (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nobody answered: no connection, or not from Postern. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** The problem in an answer that is none of those asked for. @throws ConnectionError where it is not one of Postern's */
export async function readProblem(response: Response): Promise<Problem> {
  const isOurs = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (!isOurs) throw new ConnectionError(`HTTP ${response.status}`);
  return (await response.json()) as Problem;
}

export function isProblem(error: unknown, code?: Problem['code']): error is ProblemError {
  return error instanceof ProblemError && (code === undefined || error.problem.code === code);
}
