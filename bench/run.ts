import { mkdirSync, writeFileSync } from 'node:fs';
import { buildFunctions } from '../dev/build-functions.ts';
import { benchFetch } from './fetch.ts';
import { benchSend } from './send.ts';

const benches = { fetch: benchFetch, send: benchSend };

const [name = ''] = process.argv.slice(2);
if (!(name in benches)) throw new Error(`Say which: npm run bench -- ${Object.keys(benches).join(' | ')}`);
buildFunctions();
const { results, budgets } = await benches[name as keyof typeof benches]();
console.table(results.map((row) => rounded(row)));
console.table(budgets.map((row) => rounded(row)));
const file = `data/bench-${name}.json`;
mkdirSync('data', { recursive: true });
writeFileSync(file, JSON.stringify({ at: new Date().toISOString(), results, budgets }, undefined, 2));
console.log(`Written to ${file}`);
process.exitCode = budgets.every(({ isMet }) => isMet) ? 0 : 1;

function rounded(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' ? Number(value.toFixed(2)) : (value as unknown),
    ]),
  );
}
