import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../functions/settings.ts';

/** Told by the host or the platform, or for them; Postern itself does not read these. */
const notOurs = ['FUNCTIONS_WORKER_RUNTIME', 'AzureWebJobsDisableHomepage', 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];

describe('every setting is known wherever settings are told of', () => {
  const names = Object.keys(settingsSchema.shape).sort();

  it('has settings', () => {
    expect(names.length).toBeGreaterThan(8);
  });

  it('local.settings.example.json', () => {
    const { Values } = JSON.parse(readFileSync('local.settings.example.json', 'utf8')) as {
      Values: Record<string, string>;
    };
    expect(
      Object.keys(Values)
        .filter((name) => !notOurs.includes(name))
        .sort(),
    ).toEqual(names);
  });

  it('docs/OPERATIONS.md', () => {
    expect(existsSync('docs/OPERATIONS.md')).toBe(true);
    const told = [...readFileSync('docs/OPERATIONS.md', 'utf8').matchAll(/^\| `([A-Za-z_]+)` \|/gm)].map(
      (match) => match[1],
    );
    expect(told.filter((name) => !notOurs.includes(name ?? '')).sort()).toEqual(names);
  });

  it('each says what it is for', () => {
    for (const [name, schema] of Object.entries(settingsSchema.shape)) {
      expect(schema.description, name).toMatch(/\.$/);
    }
  });
});
