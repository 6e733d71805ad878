import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the console, as it is and compressed. */
export interface ConsoleFile {
  readonly contentType: string;
  /** Its name holds a hash of its content: it never changes. */
  readonly immutable: boolean;
  /** The hash of its content. */
  readonly tag: string;
  /** By content coding. */
  readonly content: Readonly<Record<'identity', Uint8Array> & Partial<Record<Coding, Uint8Array>>>;
}

/** How a file may have been compressed when it was built, the smallest first, and the suffix of the file that has it. */
export const codings = ['br', 'gzip'] as const;
type Coding = (typeof codings)[number];
const suffixOf: Record<Coding, string> = { br: '.br', gzip: '.gz' };

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Finds files of the console by their path below /console. All of them are read at first use and never again, and
 * nothing but what was there then can be asked for, whatever a path looks like.
 */
export function createConsoleFiles(folder: URL) {
  let files: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;

  return {
    /**
     * The file, or the page itself for a place within it (`accounts/acc_5k2m0q8rtz`); undefined for a file that is not
     * there, `unbuilt` where there is no console.
     */
    async find(path: string): Promise<ConsoleFile | 'unbuilt' | undefined> {
      files ??= readFiles(folder);
      const known = await files;
      const page = known.get('index.html');
      if (page === undefined) return 'unbuilt';
      const looksLikeFile = path.startsWith('assets/') || contentTypes[extname(path).toLowerCase()] !== undefined;
      return known.get(path) ?? (looksLikeFile ? undefined : page);
    },
  };
}

async function readFiles(folder: URL): Promise<ReadonlyMap<string, ConsoleFile>> {
  const root = fileURLToPath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const bytes = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
  const files = new Map<string, ConsoleFile>();
  for (const [path, identity] of bytes) {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined) continue;
    const name = path.slice(root.length).replaceAll('\\', '/');
    const compressed = codings.map((coding) => [coding, bytes.get(path + suffixOf[coding])] as const);
    files.set(name, {
      contentType,
      immutable: name.startsWith('assets/'),
      tag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
      content: { identity, ...Object.fromEntries(compressed.filter(([, each]) => each !== undefined)) },
    });
  }
  return files;
}
