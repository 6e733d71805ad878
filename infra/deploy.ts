/** `npm run deploy`: puts Postern into a resource group; see `--help`. `npm run package` has run before. */
import { parseArgs } from 'node:util';
import { DeployStopped } from './deploying/deploy-stopped.ts';
import { deployPostern, type Deployed } from './deploying/deploy-postern.ts';
import { createAz } from './deploying/run-az.ts';

const help = `npm run deploy -- --resource-group RG [--location REGION] [--parameters FILE | NAME=VALUE]...

  --resource-group   Where everything goes; made when it is missing.
  --location         Region of the group, needed when it is missing.
  --parameters       A copy of infra/main.bicepparam, or one of its parameters, as in name=mail. May be repeated.

Deploys as the person, and to the subscription, that the Azure CLI (2.60 or newer) is signed in with.`;

const minute = 60_000;
// A new role has been seen to take twenty minutes until it counts. The deployment itself takes five; half an hour with a
// network of its own.
const patience = { pause: 15_000, code: 25 * minute, health: 10 * minute };
const commandLimit = 60 * minute;

function say(line: string): void {
  console.log(line);
}

function wantedOf(args: string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      'resource-group': text,
      location: text,
      parameters: { ...text, multiple: true },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const resourceGroup = values['resource-group'];
  if (resourceGroup === undefined) throw new Error('--resource-group is missing.');
  return { resourceGroup, location: values.location, parameters: values.parameters ?? [], code: 'postern.zip' };
}

/** What to do next, to be copied: the vault gives its secrets to no one without a role on it, not even its maker. */
function goodbye(resourceGroup: string, deployed: Deployed): string {
  const { subscription, user, vaultName, hostName, siteUrl, redirectUris } = deployed;
  const vault = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${vaultName}`;
  return `
Postern runs at https://${hostName}   (the API, to read: https://${hostName}/docs)

  Console         ${siteUrl}/console
  Application     ${deployed.clientId === '' ? 'none yet' : deployed.clientId}
  Redirect URIs   ${redirectUris.join('  ')}
  Identity        ${deployed.identityPrincipalId}

The first admin key is in the vault a minute after the first start. Let yourself read it, wait until that counts, read it:

  az role assignment create --role "Key Vault Secrets User" --assignee ${user} --scope ${vault}
  az keyvault secret show --vault-name ${vaultName} --name first-admin-key --query value --output tsv

What to do with it: docs/OPERATIONS.md, "Set up".`;
}

try {
  const wanted = wantedOf(process.argv.slice(2));
  if (wanted === undefined) say(help);
  else say(goodbye(wanted.resourceGroup, await deployPostern(wanted, createAz(say, commandLimit), patience, say)));
} catch (error) {
  if (error instanceof DeployStopped) console.error(`\n${error.message}\n\n${error.remedy}`);
  else console.error(`${(error as Error).message}\n\n${help}`);
  process.exitCode = 1;
}
