import { build } from 'esbuild';
import { globSync, rmSync } from 'node:fs';
import { buildConsole } from './console/build.ts';

// What CommonJS packages expect to find, in a file that is an ES module (the worker's own require goes through this one).
const commonJs = `import{createRequire as __cr}from'node:module';import{fileURLToPath as __fp}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url),__filename=__fp(import.meta.url),__dirname=__dn(__filename);`;

for (const folder of ['dist/triggers', 'dist/chunks']) rmSync(folder, { recursive: true, force: true });
await build({
  entryPoints: globSync('functions/triggers/*.ts'),
  outdir: 'dist',
  outbase: 'functions',
  bundle: true,
  // Each import() becomes a file of its own, read when it is first needed: a cold start pays for nothing it does not use.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  // The worker supplies this one.
  external: ['@azure/functions-core'],
  banner: { js: commonJs },
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
await buildConsole();
