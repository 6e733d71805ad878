/** `npm run package`: makes postern.zip, which is what Azure runs. */
import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { makePackage } from './deploying/make-package.ts';

const content = makePackage('.');
writeFileSync('postern.zip', content);
const sizes = Object.entries(unzipSync(content)).map(([name, { length }]) => ({ name, length }));
const kib = (octets: number): string => `${(octets / 1024).toFixed(0)} KiB`;
const unpacked = (part: string): string =>
  kib(sizes.filter(({ name }) => name.startsWith(part)).reduce((sum, { length }) => sum + length, 0));
console.log(`postern.zip  ${kib(content.length)}  sha256 ${createHash('sha256').update(content).digest('hex')}`);
console.log(`  unpacked ${unpacked('')}, of which the console ${unpacked('dist/console/')}`);
