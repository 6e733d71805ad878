import { randomUUID } from 'node:crypto';
import { aadsts, type AadstsCode } from './aadsts.ts';

/** An error in the shape in which Entra's token endpoint answers it. */
export interface EntraErrorBody {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri: string;
  suberror?: string;
}

/** A request that Entra refuses. */
export class EntraRefusal extends Error {
  readonly code: AadstsCode;
  readonly status: number;
  /** What goes into the `error` field or parameter. */
  readonly error: string;

  constructor(code: AadstsCode, detail?: string) {
    const { text, status, error } = aadsts[code];
    super(detail === undefined ? text : `${text} ${detail}`);
    this.name = 'EntraRefusal';
    this.code = code;
    this.status = status;
    this.error = error;
  }
}

/** The refusal as the token endpoint answers it. */
export function toEntraErrorBody({ code, error, message }: EntraRefusal, origin: string): EntraErrorBody {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const { suberror } = aadsts[code];
  return {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${origin}/error?code=${code}`,
    ...(suberror === undefined ? {} : { suberror }),
  };
}
