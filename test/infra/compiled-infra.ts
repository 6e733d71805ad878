import { lookup } from 'node:dns/promises';
import { globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './bicep-compiler.ts';
import type { BicepSession, Diagnostic } from './bicep-session.ts';

/** Where the parameter sets are deployed to, so to speak: derived names and ids come from here. */
const place = {
  tenantId: '00000000-0000-0000-0000-000000000002',
  subscriptionId: '00000000-0000-0000-0000-000000000001',
  resourceGroup: 'rg',
  location: 'westeurope',
  deploymentName: 'postern',
};

export const bicepFiles = globSync('infra/**/*.bicep').map((file) => file.replaceAll('\\', '/'));
export const parameterSets = globSync('test/infra/snapshots/*.bicepparam').map((file) => file.replaceAll('\\', '/'));

/** Compiles a `.bicep` file, the files it uses included. @throws Error with all the compiler and its linter had to say */
export async function compile(bicep: BicepSession, file: string): Promise<unknown> {
  const { diagnostics, contents } = await bicep.ask('bicep/compile', { path: resolve(file) });
  return JSON.parse(unlessAny(diagnostics, contents));
}

/** Compiles a `.bicepparam` file. @throws Error with all the compiler and its linter had to say */
export async function compileParameters(bicep: BicepSession, file: string): Promise<unknown> {
  const asked = { path: resolve(file), parameterOverrides: {} };
  const { diagnostics, parameters } = await bicep.ask('bicep/compileParams', asked);
  return JSON.parse(unlessAny(diagnostics, parameters));
}

/**
 * What a deployment of a parameter set would make. Compared by us, not by `bicep snapshot --mode validate`: that of 0.49.2
 * breaks on resources that have no Azure id, as those of Graph.
 */
export async function takeSnapshot(bicep: BicepSession, file: string): Promise<unknown> {
  const { snapshot } = await bicep.ask('bicep/getSnapshot', { path: resolve(file), metadata: place });
  const made = JSON.parse(snapshot) as { outputs: Record<string, unknown> };
  // The compiler gives them in another order each time.
  const outputs = Object.entries(made.outputs).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { ...made, outputs: Object.fromEntries(outputs) };
}

/**
 * Compiles `app-registration.bicep` where the types it needs can be had: in the folder that POSTERN_GRAPH_TYPES names, or
 * from their registry. Undefined where they cannot; then the committed compiled form is what there is.
 */
export async function compileRegistration(program: string, bicep: BicepSession): Promise<unknown> {
  const types = process.env['POSTERN_GRAPH_TYPES'] ?? '';
  if (types === '') {
    // Without a network the compiler would try for a quarter of a minute.
    const isReachable = await lookup('mcr.microsoft.com').then(
      () => true,
      () => false,
    );
    return isReachable ? compile(bicep, 'infra/app-registration.bicep') : undefined;
  }
  // In a copy, whose configuration says that the types are a file beside it.
  const copy = await mkdtemp(join(tmpdir(), 'postern-infra-'));
  try {
    const archive = join(copy, 'graph.tgz');
    const published = await run(
      program,
      ['publish-extension', resolve(types, 'index.json'), '--target', archive],
      copy,
    );
    if (published.code !== 0) throw new Error(`POSTERN_GRAPH_TYPES names no types of an extension: ${published.text}`);
    const configuration = await readFile('infra/bicepconfig.json', 'utf8');
    await writeFile(
      join(copy, 'bicepconfig.json'),
      configuration.replace(/("microsoftGraphV1": )"[^"]+"/, '$1"./graph.tgz"'),
    );
    await cp('infra/app-registration.bicep', join(copy, 'app-registration.bicep'));
    return await compile(bicep, join(copy, 'app-registration.bicep'));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A `.bicep` file as the formatter would have it. In a place of its own, where nothing it uses is looked for. */
export async function formatted(bicep: BicepSession, file: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'postern-infra-'));
  try {
    await cp(file, join(copy, 'file.bicep'));
    const { contents } = await bicep.ask('bicep/format', { path: join(copy, 'file.bicep') });
    return `${contents.trimEnd()}\n`;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function unlessAny(diagnostics: readonly Diagnostic[], made: string | undefined): string {
  if (diagnostics.length === 0 && made !== undefined) return made;
  const lines = diagnostics.map(
    ({ source, range, level, code, message }) => `${source}:${range.start.line + 1} ${level} ${code}: ${message}`,
  );
  throw new Error(lines.join('\n'));
}
