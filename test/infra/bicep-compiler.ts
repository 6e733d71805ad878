import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const version = '0.49.2';
const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'osx', win32: 'win' };
const packageId = `azure.bicep.commandline.${systems[process.platform] ?? process.platform}-${process.arch}`;
/** Kept between runs, outside the tree: some 120 MB. */
const packages = join(homedir(), '.cache', 'postern', 'nuget');
const restored = join(packages, packageId, version, 'tools', process.platform === 'win32' ? 'bicep.exe' : 'bicep');

export interface Outcome {
  readonly code: number;
  /** Everything it wrote, what went wrong included. */
  readonly text: string;
}

/** Runs a program to its end, at most two minutes. A program that cannot be started ends with code -1. */
export function run(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const environment = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };
    execFile(program, args, { cwd, env: environment, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, text: `${stdout}${stderr}`.trim() });
    });
  });
}

/**
 * The Bicep compiler: at the version the committed templates were compiled with, out of NuGet, where there is a .NET SDK;
 * otherwise one of that version on PATH. Undefined where there is neither.
 */
export async function findBicep(): Promise<string | undefined> {
  if (existsSync(restored) || (await restore())) return restored;
  const onPath = await run('bicep', ['--version'], tmpdir());
  return onPath.text.includes(`version ${version} `) ? 'bicep' : undefined;
}

/** Why there is none, for the person who reads that tests were skipped. */
export const noBicep = `no Bicep compiler: install a .NET SDK, or Bicep ${version}`;

async function restore(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bicep-'));
  try {
    await mkdir(packages, { recursive: true });
    const project = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="${packageId}" Version="[${version}]" /></ItemGroup>
</Project>`;
    await writeFile(join(folder, 'restore.csproj'), project);
    const { code } = await run('dotnet', ['restore', 'restore.csproj', '--packages', packages], folder);
    return code === 0 && existsSync(restored);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
