import { expect } from 'vitest';
import type { ApiClient } from '../../dev/api-client.ts';

/** The pointers a body is refused with; fails when it is refused otherwise than as a body with wrong fields. */
export async function refusedPointers(api: ApiClient, path: string, body: unknown, method = 'POST'): Promise<string[]> {
  const { status, headers, body: problem } = await api.ask(method, path, body);
  expect(`${status} ${String(problem['code'])}`).toBe('422 request-invalid');
  expect(headers.get('content-type')).toBe('application/problem+json');
  const errors = problem['errors'] as { pointer: string; detail: string }[];
  for (const { detail } of errors) expect(detail).toMatch(/\S/);
  return errors.map(({ pointer }) => pointer);
}
