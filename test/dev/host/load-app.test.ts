import { build } from 'esbuild';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startHost } from '../../../dev/host/start-host.ts';
import { fixturePath } from './run-fixture.ts';

test('an app bundled without node_modules runs', async () => {
  const root = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const file of ['package.json', 'host.json']) await cp(join(fixturePath('streaming'), file), join(root, file));
  await build({
    entryPoints: ['a-setup.mjs', 'http.mjs'].map((file) => join(fixturePath('streaming'), 'functions', file)),
    outdir: join(root, 'functions'),
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', logLevel: 'warning' },
    outExtension: { '.js': '.mjs' },
    external: ['@azure/functions-core'],
    banner: { js: `import{createRequire}from'node:module';const require=createRequire(import.meta.url);` },
  });
  const host = await startHost({ root, env: {} });
  onTestFinished(() => host.stop());
  expect(await (await fetch(`${host.url}/files/a/b`)).json()).toEqual({ rest: 'a/b' });
});

test('an app whose entry file throws does not start', async () => {
  await expect(startHost({ root: fixturePath('broken'), env: {} })).rejects.toThrow('the entry file is broken');
});

test('a main that matches nothing is said to', async () => {
  await expect(startHost({ root: fixturePath('empty'), env: {} })).rejects.toThrow(
    'No file matches the "main" of package.json: functions/*.mjs',
  );
});
