import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptSecret } from './secrets.ts';

/** The file that holds a vault's secrets, readable (as they are) by its owner alone. */
export interface SecretFile {
  /** What was written last; nothing when there is no file yet. */
  read(): KeptSecret[];
  /** Returns when the disk has it. At any moment, and after any crash, the file is either the old one or the new one. */
  write(secrets: KeptSecret[]): void;
}

/** A secret file `vault.json` in a folder, which is made if need be. */
export function openSecretFile(folder: string): SecretFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'vault.json');
  return {
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as KeptSecret[];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    write(secrets) {
      const next = `${path}.new`;
      const file = openSync(next, 'w', 0o600);
      try {
        writeFileSync(file, JSON.stringify(secrets, null, 1));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, path);
    },
  };
}
