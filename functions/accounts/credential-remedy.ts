import type { AppRegistration } from './app-registration.ts';

/** What the operator does when Microsoft refuses the app registration's credential: the commands to paste. */
export function credentialRemedy({ clientId, tenant, credential }: AppRegistration): string {
  switch (credential?.kind) {
    case 'managed-identity':
      return (
        'Compare issuer, subject and audience in credential.federation of GET /v1/app, letter by letter, with: ' +
        `az ad app federated-credential list --id ${clientId}`
      );
    case 'certificate':
      return (
        `Give the application the public part of the vault's certificate: az keyvault certificate download --vault-name VAULT --name ${credential.name} ` +
        `--encoding PEM --file ${credential.name}.pem && az ad app credential reset --id ${clientId} --append --cert @${credential.name}.pem`
      );
    default:
      return (
        `Make a new client secret: az ad app credential reset --id ${clientId} --append --years 1 --query password -o tsv ` +
        '(or in the Entra admin centre, App registrations, Certificates & secrets: copy its Value, not its ID). ' +
        `Then PUT /v1/app {"clientId": "${clientId}", "tenant": "${tenant}", "clientSecret": "...", "clientSecretExpiresAt": "..."}.`
      );
  }
}
