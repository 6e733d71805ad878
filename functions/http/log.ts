import type { InvocationContext } from '@azure/functions';
import type { Log, LogFacts } from '../shared/call.ts';

/** A log that writes to the function's own: one line of text, then its facts as JSON. */
export function createLog(context: InvocationContext): Log {
  return {
    info: (message, facts) => {
      context.info(line(message, facts));
    },
    warn: (message, facts) => {
      context.warn(line(message, facts));
    },
    error: (message, facts) => {
      context.error(line(message, facts));
    },
  };
}

function line(message: string, facts: LogFacts | undefined): string {
  return facts === undefined ? message : `${message} ${JSON.stringify(facts, readable)}`;
}

/** Errors become their name, message, stack and cause; everything else a library hangs on them may hold a secret. */
function readable(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return {
    name,
    message,
    at: stack
      ?.split('\n')
      .slice(1, 4)
      .map((row) => row.trim()),
    ...(cause !== undefined && { cause }),
  };
}
