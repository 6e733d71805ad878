import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the functions as they are deployed. @throws Error when they do not build */
export function buildFunctions(): void {
  const build = fileURLToPath(new URL('../build.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('The functions do not build.');
}
