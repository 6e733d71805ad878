import type { Caller } from '../access/caller.ts';

/** Facts that go with a log line. Never secrets, bodies or addresses' contents; errors are rendered by the log itself. */
export type LogFacts = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}

/** What travels openly through every use case: who asks, until when, where to log, and what time it is. */
export interface Call {
  readonly id: string;
  readonly caller: Caller;
  /** Aborts when the time for this call is over. */
  readonly signal: AbortSignal;
  readonly log: Log;
  now(): Date;
}
