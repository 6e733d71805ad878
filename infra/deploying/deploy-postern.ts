import { awaitHealth } from './await-health.ts';
import { DeployStopped } from './deploy-stopped.ts';
import { tryUntil, type Patience } from './patience.ts';
import type { Az } from './run-az.ts';
import { toDeployStopped } from './to-deploy-stopped.ts';

export interface WantedDeployment {
  readonly resourceGroup: string;
  /** Region of the group, where it has to be made. */
  readonly location: string | undefined;
  /** Parameter files, and single parameters as in `name=postern`. */
  readonly parameters: readonly string[];
  /** File of the zip with the code. */
  readonly code: string;
}

/** Where things are, of a deployment that answers. */
export interface Deployed {
  readonly subscription: string;
  /** Who deployed it, as az names people and applications. */
  readonly user: string;
  readonly appName: string;
  readonly hostName: string;
  /** Where browsers reach it, without a slash at the end. */
  readonly siteUrl: string;
  /** Of the application: where Microsoft sends browsers back to. */
  readonly redirectUris: readonly string[];
  /** Application id; empty where it is told later. */
  readonly clientId: string;
  /** Object id of the app's identity: the subject of the application's federated credential. */
  readonly identityPrincipalId: string;
  readonly vaultName: string;
}

/**
 * Makes or renews all of Postern in a resource group, puts the code in place, and waits until it answers. Every step may
 * be repeated: after a failure, or after a success, run it again. @throws DeployStopped
 */
export async function deployPostern(
  wanted: WantedDeployment,
  az: Az,
  patience: Patience,
  say: (line: string) => void,
): Promise<Deployed> {
  const signedIn = await whoIsSignedIn(az);
  await makeGroup(wanted, az);
  const outputs = await makeResources(wanted, az);
  await putCode(wanted, outputs.appName, az, patience, say);
  await awaitHealth(outputs.hostName, patience, say);
  return { ...signedIn, ...outputs };
}

async function whoIsSignedIn(az: Az): Promise<Pick<Deployed, 'subscription' | 'user'>> {
  const { ok, answer, complaint } = await az('account', 'show', '--output', 'json');
  if (!ok) throw toDeployStopped('Asking who is signed in', complaint);
  const { id, user } = JSON.parse(answer) as { id: string; user: { name: string } };
  return { subscription: id, user: user.name };
}

async function makeGroup({ resourceGroup, location }: WantedDeployment, az: Az): Promise<void> {
  const found = await az('group', 'exists', '--name', resourceGroup);
  if (!found.ok) throw toDeployStopped('Looking for the resource group', found.complaint);
  if (found.answer === 'true') return;
  if (location === undefined) {
    throw new DeployStopped(`There is no resource group ${resourceGroup}.`, 'Say where to make it: --location REGION');
  }
  const made = await az('group', 'create', '--name', resourceGroup, '--location', location, '--output', 'none');
  if (!made.ok) throw toDeployStopped('Making the resource group', made.complaint);
}

async function makeResources(
  { resourceGroup, parameters }: WantedDeployment,
  az: Az,
): Promise<Omit<Deployed, 'subscription' | 'user'>> {
  // A .bicepparam file names its template itself; az then compiles both.
  const named = parameters.some((parameter) => parameter.endsWith('.bicepparam'));
  const { ok, answer, complaint } = await az(
    ...['deployment', 'group', 'create', '--resource-group', resourceGroup, '--name', 'postern'],
    ...(named ? [] : ['--template-file', 'infra/main.json']),
    ...parameters.flatMap((parameter) => ['--parameters', parameter]),
    ...['--query', 'properties.outputs', '--output', 'json'],
  );
  if (!ok) throw toDeployStopped('Making the resources', complaint);
  return outputsOf(JSON.parse(answer) as Record<string, { value: unknown } | undefined>);
}

function outputsOf(
  outputs: Readonly<Record<string, { value: unknown } | undefined>>,
): Omit<Deployed, 'subscription' | 'user'> {
  const read = (name: string): unknown => {
    const value = outputs[name]?.value;
    if (value !== undefined) return value;
    throw new DeployStopped(`The deployment has no output ${name}.`, 'Deploy infra/main.bicep.');
  };
  const text = (name: string): string => read(name) as string;
  return {
    appName: text('appName'),
    hostName: text('hostName'),
    siteUrl: text('siteUrl'),
    redirectUris: read('redirectUris') as string[],
    clientId: text('clientId'),
    identityPrincipalId: text('identityPrincipalId'),
    vaultName: text('vaultName'),
  };
}

/**
 * The app's front end writes the package into the storage account as the app's identity, whose role may be minutes old
 * (the service then speaks of a 403 from storage), and may itself be too new to answer.
 */
async function putCode(
  { resourceGroup, code }: WantedDeployment,
  appName: string,
  az: Az,
  patience: Patience,
  say: (line: string) => void,
): Promise<void> {
  const passes = /\b(403|429|50[0234])\b|Forbidden|timed out|Connection (aborted|reset)|resolve/i;
  const met = await tryUntil(
    patience.code,
    patience.pause,
    async () => {
      const { ok, complaint } = await az(
        ...['functionapp', 'deployment', 'source', 'config-zip', '--resource-group', resourceGroup],
        ...['--name', appName, '--src', code, '--output', 'none'],
      );
      // This one is about the person's own role, and does not pass.
      if (!ok && (!passes.test(complaint) || complaint.includes('AuthorizationFailed'))) {
        throw toDeployStopped('Putting the code in place', complaint);
      }
      return ok ? undefined : complaint;
    },
    (complaint) => {
      say(`  not yet, a new role takes minutes until it counts: ${complaint.slice(-300)}`);
    },
  );
  if (met !== undefined) throw toDeployStopped('Putting the code in place', met);
}
