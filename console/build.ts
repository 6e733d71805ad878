import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { compressFiles } from './compress-files.ts';

const root = join(import.meta.dirname, '..');
const types = join(import.meta.dirname, 'src/api/schema.d.ts');
const built = join(root, 'dist/console');
const stamp = join(root, 'dist/console.stamp');

/**
 * Makes the API's types and builds the console into `dist/console/`, every file also as `.br` and `.gz`. Does nothing
 * when what is there was made of the same files and the same API.
 * @throws Error when it does not build
 */
export async function buildConsole(): Promise<void> {
  const document = readApiDocument();
  const made = fingerprint(document);
  if (existsSync(types) && existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return;
  writeFileSync(types, astToString(await openapiTypes(document, { defaultNonNullable: false })));
  // Whatever it is where this runs: another would build React's version for developers, with this machine's paths in it.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
  await compressFiles(built);
  writeFileSync(stamp, made);
}

function readApiDocument(): string {
  const script = join(import.meta.dirname, 'openapi-document.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The API's description cannot be made:\n${stderr}`);
  return stdout;
}

/** Of everything the console is made of. */
function fingerprint(document: string): string {
  const hash = createHash('sha256').update(document);
  const own = globSync('console/**/*.*', { cwd: root }).filter((file) => join(root, file) !== types);
  for (const file of ['package-lock.json', ...own.toSorted()]) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
