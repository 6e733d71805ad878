import { zipSync } from 'fflate';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * The zip that Azure runs, out of a folder where the functions, and the console if there is one, have been built: what they
 * were built to, `host.json`, and of `package.json` what the host's worker reads. The same files make the same bytes, at any time, in any place, on any
 * machine: entries in order, one time for all, and a compressor that is part of the lock file.
 * @throws Error when nothing has been built
 */
export function makePackage(root: string): Uint8Array {
  // Not the source maps: nothing reads them in Azure, they are half of it, and the same commit makes them again.
  const built = globSync('dist/{triggers,chunks,console}/**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  if (!built.some((file) => file.startsWith('dist/triggers/')))
    throw new Error('Nothing has been built: npm run build');
  const files = [
    ['package.json', Buffer.from(toWorkerManifest(readText(root, 'package.json')))],
    // With line ends that do not depend on how git checks files out.
    ['host.json', Buffer.from(readText(root, 'host.json').replaceAll('\r\n', '\n'))],
    ...built.map((file) => [file, readFileSync(join(root, file))] as const),
  ] as const;
  const inOrder = files.toSorted(([one], [other]) => (one < other ? -1 : 1));
  // A zip keeps local time without a zone: this one reads the same on every wall.
  return zipSync(Object.fromEntries(inOrder), { level: 9, mtime: new Date(1980, 0, 1) });
}

/** The worker looks for `main` only; name and version say to people what is deployed. */
function toWorkerManifest(manifest: string): string {
  const { name, version, type, main } = JSON.parse(manifest) as Record<string, unknown>;
  return `${JSON.stringify({ name, version, type, main }, null, 2)}\n`;
}

function readText(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
