import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBicep, noBicep } from './bicep-compiler.ts';
import { startBicep, type BicepSession } from './bicep-session.ts';
import {
  bicepFiles,
  compile,
  compileParameters,
  compileRegistration,
  formatted,
  parameterSets,
  takeSnapshot,
} from './compiled-infra.ts';

const program = await findBicep();
if (program === undefined) say(`The templates were not compiled: ${noBicep}.`);
const stale = 'make it again: node test/infra/update.ts';

// Skipped, not failed, where there is no compiler; whoever runs the checks for others has it.
describe.skipIf(program === undefined)('templates', () => {
  let bicep: BicepSession;
  beforeAll(() => {
    bicep = startBicep(program ?? '');
  });
  afterAll(() => {
    bicep.close();
  });

  it('main.bicep and its modules compile without a warning, to main.json', { timeout: 120_000 }, async () => {
    expect(await compile(bicep, 'infra/main.bicep'), stale).toEqual(readJson('infra/main.json'));
  });

  it(
    'app-registration.bicep compiles without a warning, to app-registration.json',
    { timeout: 120_000 },
    async (run) => {
      const made = await compileRegistration(program ?? '', bicep);
      if (made === undefined) {
        say(
          'app-registration.bicep was not compiled: POSTERN_GRAPH_TYPES names no folder of types, and there is no network.',
        );
        run.skip();
      }
      expect(made, stale).toEqual(readJson('infra/app-registration.json'));
    },
  );

  it('main.bicepparam explains every parameter, with its default', { timeout: 60_000 }, async () => {
    const told = (await compileParameters(bicep, 'infra/main.bicepparam')) as Parameters;
    const template = readJson('infra/main.json') as { parameters: Record<string, { defaultValue: unknown }> };
    const { location, budgetStart, ...known } = template.parameters;
    expect([location, budgetStart]).not.toContain(undefined);
    expect(told.parameters).toEqual(
      Object.fromEntries(Object.entries(known).map(([name, { defaultValue }]) => [name, { value: defaultValue }])),
    );
  });

  it.each(parameterSets)('%s would make what its snapshot says', { timeout: 60_000 }, async (file) => {
    const snapshot = readJson(file.replace(/\.bicepparam$/, '.snapshot.json'));
    expect(await takeSnapshot(bicep, file), stale).toEqual(snapshot);
  });

  it.each(bicepFiles)('%s is formatted', async (file) => {
    expect(await formatted(bicep, file)).toBe(readFileSync(file, 'utf8'));
  });
});

it.runIf(process.env['CI'])('CI has a Bicep compiler', () => {
  expect(program, noBicep).toBeDefined();
});

interface Parameters {
  readonly parameters: Record<string, { readonly value: unknown }>;
}

/** Beside the report, which does not say why a test was skipped. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
