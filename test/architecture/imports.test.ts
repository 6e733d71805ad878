import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const domain = ['access', 'accounts', 'servers', 'messages', 'received', 'events', 'health', 'shared'];

/** Which rooms of functions/ a room may import from, besides itself. `.` is functions/ itself: settings and services. */
const mayImport: Record<string, string[]> = {
  ...Object.fromEntries(domain.map((room) => [room, domain])),
  azure: [...domain, 'settings.ts'],
  mail: domain,
  web: domain,
  http: [...domain, 'services.ts'],
  triggers: [...domain, 'http', 'services.ts', 'azure/storage-work-queues.ts'],
  'services.ts': [...domain, 'azure', 'mail', 'web', 'settings.ts'],
  'settings.ts': ['accounts', 'shared'],
};

/** What does I/O, or tells the time or the place; the domain gets these from its callers. */
const notForTheDomain =
  /^(node:(fs|net|http|https|tls|dns|process|child_process)|@azure\/|imapflow|postal-mime|nodemailer(?!\/lib\/addressparser))/;

const files = globSync('functions/**/*.ts').map((file) => file.replaceAll('\\', '/'));
const roomOf = (file: string): string => file.split('/')[1] ?? '';

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** The path of an imported file of ours, seen from the root; undefined for packages. */
function target(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)).replaceAll('\\', '/') : undefined;
}

describe('who may import whom', () => {
  it('has files to read', () => {
    expect(files.length).toBeGreaterThan(80);
  });

  it.each(files)('%s', (file) => {
    const room = roomOf(file);
    const allowed = mayImport[room];
    expect(allowed, `the room ${room} has no rule`).toBeDefined();
    for (const specifier of importsOf(file)) {
      const path = target(file, specifier);
      if (path === undefined) {
        if (domain.includes(room)) expect(specifier, 'the domain does no I/O').not.toMatch(notForTheDomain);
        continue;
      }
      expect(path, `${specifier} leaves functions/`).toMatch(/^functions\//);
      const to = roomOf(path);
      const fits = to === room || allowed?.some((entry) => path === `functions/${entry}` || to === entry);
      expect(fits, `${room} must not import ${path}`).toBe(true);
    }
  });

  it('has no circles', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .map((specifier) => target(file, specifier))
          .filter((path) => path !== undefined),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      expect(trail, `a circle: ${[...trail, file].join(' -> ')}`).not.toContain(file);
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(done.size).toBe(files.length);
  });
});

describe('what the domain must not know', () => {
  it.each(files.filter((file) => domain.includes(roomOf(file))))(
    '%s reads no clock, environment or console',
    (file) => {
      const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect(text).not.toMatch(/\bDate\.now\(|\bnew Date\(\)|\bprocess\.env\b|\bconsole\./);
    },
  );

  it('reads process.env in one place', () => {
    const readers = files.filter((file) => readFileSync(file, 'utf8').includes('process.env'));
    expect(readers).toEqual(['functions/settings.ts']);
  });
});
