import type { z } from 'zod';
import { GatewayError, type FieldError } from '../shared/errors.ts';

/** Where a value came from: it decides how a pointer to it is written. */
export type Source = 'body' | 'query' | 'path';

// A large body can be wrong in more places than anybody reads.
const errorsShown = 100;

/**
 * Checks a value against its schema.
 * @param within where in the source the value stands
 * @throws GatewayError `request-invalid` with a pointer to each field that is wrong or unknown, the first hundred
 */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  source: Source,
  within: readonly PropertyKey[] = [],
): T {
  // The input tells a field that is missing from one of the wrong type; it is never shown.
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    toFieldErrors({ ...issue, path: [...within, ...issue.path] }, source),
  );
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new GatewayError(
    'request-invalid',
    first === undefined ? 'The request is invalid.' : `${first.pointer || 'The body'}: ${first.detail}${rest}`,
    {
      data: { errors: errors.slice(0, errorsShown) },
    },
  );
}

function toFieldErrors(issue: z.core.$ZodIssue, source: Source): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key], source),
      detail: 'is not a field of this call',
    }));
  }
  const pointer = pointerTo(issue.path, source);
  if (issue.code === 'invalid_type' && issue.input === undefined) return [{ pointer, detail: 'is required' }];
  // zod's own messages begin with what the pointer has said.
  return [{ pointer, detail: issue.message.replace(/^Invalid (input|option): /, '') }];
}

/** RFC 6901 for bodies; `?name` for the query, `{name}` for the path. */
function pointerTo(path: readonly PropertyKey[], source: Source): string {
  if (source === 'query') return `?${path.map(String).join('.')}`;
  if (source === 'path') return `{${path.map(String).join('.')}}`;
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
