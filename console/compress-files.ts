import { globSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Puts `.br` and `.gz` beside every file of a folder: they are compressed once, as small as can be, and sent as they are. */
export async function compressFiles(folder: string): Promise<void> {
  const files = globSync('**/*.*', { cwd: folder }).map((file) => join(folder, file));
  await Promise.all(files.filter((file) => statSync(file).isFile()).map(compressFile));
}

async function compressFile(file: string): Promise<void> {
  const content = await readFile(file);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
