import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterFile } from './after-file.ts';

/** A copy of what was built, with a console of these files instead of its own. It goes after the file's tests. */
export function appFolderWith(console: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-app-'));
  afterFile(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const part of ['host.json', 'package.json', 'dist/triggers', 'dist/chunks']) {
    cpSync(part, join(folder, part), { recursive: true });
  }
  for (const [name, content] of Object.entries(console)) {
    const file = join(folder, 'dist/console', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
