import type { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../functions/http/log.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';

/** What a function's own log is given. */
function lineOf(message: string, facts?: Record<string, unknown>): string {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  createLog({ info: write, warn: write, error: write } as unknown as InvocationContext).error(message, facts);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('a line of the log', () => {
  it('is a text and its facts, on one line', () => {
    expect(lineOf('Done.')).toBe('Done.');
    expect(lineOf('Done.', { account: 'acc_1', note: 'a\nb' })).toBe('Done. {"account":"acc_1","note":"a\\nb"}');
  });

  it('shows of an error its name, its words, where, and its causes', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    const line = lineOf('Failed.', {
      cause: new GatewayError('storage-unavailable', 'Storage did not answer.', { cause }),
    });
    const { cause: shown } = JSON.parse(line.slice('Failed. '.length)) as { cause: Record<string, unknown> };
    expect(shown).toMatchObject({
      name: 'GatewayError',
      message: 'Storage did not answer.',
      cause: { name: 'TypeError', message: 'fetch failed', cause: { message: 'connect ECONNREFUSED' } },
    });
    expect(shown['at']).toHaveLength(3);
  });

  it('shows nothing else that hangs on an error, and no secret', () => {
    const error = Object.assign(new Error('401'), {
      request: { headers: { authorization: 'Bearer canary-1' } },
      config: { auth: { pass: 'canary-2' } },
      response: 'canary-3',
    });
    const line = lineOf('Failed.', { error, nested: [{ error }], token: new Secret('canary-4') });
    expect(line).not.toContain('canary');
    expect(line).toContain('"token":"[secret]"');
  });
});
