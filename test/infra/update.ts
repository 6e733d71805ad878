import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { findBicep, noBicep } from './bicep-compiler.ts';
import { startBicep } from './bicep-session.ts';
import { compile, compileRegistration, parameterSets, takeSnapshot } from './compiled-infra.ts';

// Makes the committed templates and snapshots again after a change to infra. What changed in them is there to be reviewed.
const program = await findBicep();
if (program === undefined) throw new Error(noBicep);
const bicep = startBicep(program);
try {
  const registration = await compileRegistration(program, bicep);
  // First, for main.bicep takes the compiled form of this one.
  if (registration !== undefined) await keep('infra/app-registration.json', registration);
  await keep('infra/main.json', await compile(bicep, 'infra/main.bicep'));
  for (const file of parameterSets) {
    await keep(file.replace(/\.bicepparam$/, '.snapshot.json'), await takeSnapshot(bicep, file));
  }
} finally {
  bicep.close();
}

async function keep(file: string, content: unknown): Promise<void> {
  const text = await format(JSON.stringify(content), { ...(await resolveConfig(file)), parser: 'json' });
  await writeFile(file, text);
  process.stdout.write(`${file}\n`);
}
