import { expect } from 'vitest';
import type { Flow } from './flow.ts';
import { readAllTables } from './tables.ts';

/** Demands that none of these secrets stands in a table, in the log, or in what was answered. */
export async function expectNowhere(
  { storage, log }: Flow,
  secrets: Readonly<Record<string, string>>,
  answers: readonly unknown[],
): Promise<void> {
  const tables = await readAllTables(storage.connectionString);
  expect(Object.keys(tables)).toContain('configuration');
  const places = { ...tables, log: log.join('\n'), answers: JSON.stringify(answers) };
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(15);
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(secret), `${name} stands in ${place}`).toBe(false);
    }
  }
}
