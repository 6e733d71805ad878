import { DeployStopped } from './deploy-stopped.ts';

/** What Azure says when something is missing, and what to do; the first that fits counts. */
const remedies: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/az login|az account set/, 'Sign in: az login; with several subscriptions: az account set --subscription NAME.'],
  [
    /roleAssignments\/write/,
    'You may not give roles. Ask for Role Based Access Control Administrator on the resource group, beside Contributor; or for Owner.',
  ],
  [
    /Authorization_RequestDenied|Insufficient privileges/,
    'You may not do this in the directory. Ask for the role Application Developer (with grantConsent: Cloud Application Administrator), or have an administrator make the application and deploy with  --parameters application=existing --parameters existingClientId=ID  (docs/OPERATIONS.md).',
  ],
  [
    /AuthorizationFailed|does not have authorization/,
    'You lack a right. Ask for Contributor and Role Based Access Control Administrator on the resource group; to make the group itself, on the subscription.',
  ],
  [
    /MissingSubscriptionRegistration|not registered to use namespace/,
    'Have the provider named above registered: az provider register --namespace NAME --wait',
  ],
  [
    /deleted state|soft.?deleted|deleted but recoverable/i,
    'The vault was deleted with its group and is kept for 90 days. Bring it back: --parameters recoverVault=true',
  ],
  [/RequestDisallowedByPolicy/, 'A policy of your organisation forbids it; the text above names it. Ask who set it.'],
  [
    /LocationNotAvailable|not available in (the )?(location|region)/i,
    'Choose another region: az functionapp list-flexconsumption-locations --output table',
  ],
  [/unrecognized arguments|misspelled or not recognized/, 'This Azure CLI is too old, 2.60 is needed: az upgrade'],
];

/** Of a command that failed: what it was to do, its own words, and what to do about it. */
export function toDeployStopped(aim: string, complaint: string): DeployStopped {
  const remedy = remedies.find(([said]) => said.test(complaint))?.[1];
  const otherwise = 'Mend what it says, then run this again: what is done already stays.';
  return new DeployStopped(`${aim} failed:\n${complaint}`, remedy ?? otherwise);
}
