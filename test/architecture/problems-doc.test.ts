import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../functions/http/problems.ts';
import { errorCodes, type ErrorCode } from '../../functions/shared/errors.ts';

/** A row: code, status, what it means, who must act, whether trying again helps, what to do. */
const row = /^\| `([a-z-]+)` \| (\d{3}) \| [^|]*\w[^|]* \| ([^|]+) \| ([^|]+) \| [^|]*\w[^|]* \|$/gm;

describe('docs/problems.md', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  const told = [...readFileSync('docs/problems.md', 'utf8').matchAll(row)].map(
    ([, code, status, actor, tryAgain]) => [code ?? '', { status: Number(status), actor, tryAgain }] as const,
  );

  it('has every code once, and no other', () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(told.map(([code]) => code).sort()).toEqual([...codes].sort());
  });

  it('tells of each its status, who must act and whether trying again helps, as the code has it', () => {
    const known = codes.map((code) => {
      const { actor, tryAgain } = errorCodes[code];
      return [code, { status: statusOf[code], actor, tryAgain }];
    });
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
  });
});
