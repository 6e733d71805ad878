import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startHost } from '../../dev/host/start-host.ts';
import { startSurroundings } from '../../dev/surroundings.ts';
import { makePackage } from '../../infra/deploying/make-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-package-'));
// Side by side: what is built names packages by their path from here, and in a clone of one's own they are inside.
const trees = { first: join(folder, 'first'), second: join(folder, 'second') };
const sources = ['functions', 'console', 'build.ts', 'package-lock.json', 'host.json', 'package.json', 'tsconfig.json'];

beforeAll(() => {
  for (const tree of Object.values(trees)) copyAndBuild(tree);
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** As a clone of its own would have it. */
function copyAndBuild(tree: string): void {
  mkdirSync(tree, { recursive: true });
  for (const source of sources) cpSync(source, join(tree, source), { recursive: true });
  symlinkSync(resolve('node_modules'), join(tree, 'node_modules'), 'junction');
  const { status, stderr } = spawnSync(process.execPath, ['build.ts'], { cwd: tree, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

describe('the package', () => {
  it('is the same, byte by byte, of the same files in another clone, at another time, in another time zone', () => {
    const first = makePackage(trees.first);
    for (const file of globSync('{dist/**/*,*.json}', { cwd: trees.second })) {
      utimesSync(join(trees.second, file), new Date('2031-05-06T07:08:10Z'), new Date('2031-05-06T07:08:10Z'));
    }
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect(new Date(1980, 0, 1).getTimezoneOffset()).not.toBe(0);
      expect(Buffer.from(makePackage(trees.second)).equals(first)).toBe(true);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('has one file of each trigger, what they share, the console, host.json and package.json, in order, and nothing else', () => {
    const files = unzipSync(makePackage(trees.first));
    const names = Object.keys(files);
    const isShared = (name: string) => /^dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.mjs$/.test(name);
    const triggers = globSync('functions/triggers/*.ts').map((file) => `dist/triggers/${basename(file, '.ts')}.mjs`);
    const ofConsole = globSync('dist/console/**/*.{html,js,css,svg,br,gz}', { cwd: trees.first });
    expect(ofConsole).toEqual(expect.arrayContaining(['dist/console/index.html', 'dist/console/index.html.br']));
    expect(names.filter((name) => !isShared(name))).toEqual(
      [...ofConsole, ...triggers, 'host.json', 'package.json'].toSorted(),
    );
    for (const name of ofConsole)
      expect(readFileSync(join(trees.first, name)).equals(files[name] ?? Buffer.of()), name).toBe(true);
    expect(names.filter(isShared).length).toBeGreaterThan(10);
    expect(names).toEqual(names.toSorted());
  });

  it('tells the worker what to load, and nothing to install', () => {
    const manifest = unzipSync(makePackage(trees.first))['package.json'];
    expect(JSON.parse(Buffer.from(manifest ?? []).toString())).toEqual({
      name: 'postern',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
      type: 'module',
      main: 'dist/triggers/*.mjs',
    });
  });

  it('is refused where nothing has been built', () => {
    expect(() => makePackage('test/infra')).toThrow('Nothing has been built: npm run build');
  });

  it('runs where there is nothing but its own files, and is well', { timeout: 60_000 }, async () => {
    const root = mkdtempSync(join(tmpdir(), 'postern-unzipped-'));
    onTestFinished(() => {
      rmSync(root, { recursive: true, force: true });
    });
    for (const [name, content] of Object.entries(unzipSync(makePackage(trees.first)))) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    const surroundings = await startSurroundings({ publicUrl: 'http://localhost' });
    onTestFinished(() => surroundings.stop());
    const host = await startHost({ root, env: surroundings.settings });
    onTestFinished(() => host.stop());

    // With the vault and the storage account behind it, so that what is loaded late has been loaded too.
    const health = await fetch(`${host.url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    expect((await fetch(`${host.url}/console`)).status).toBe(200);
    await host.runTimer('sweepTimer');
    expect(await surroundings.readSecret('first-admin-key')).toMatch(/^pst_/);
  });
});
