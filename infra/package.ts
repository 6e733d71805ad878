/** `npm run package`: makes postern.zip, which is what Azure runs. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { makePackage } from './deploying/make-package.ts';

const content = makePackage('.');
writeFileSync('postern.zip', content);
const size = (content.length / 1024).toFixed(0);
console.log(`postern.zip  ${size} KiB  sha256 ${createHash('sha256').update(content).digest('hex')}`);
