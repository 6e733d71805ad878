import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../functions/access/caller.ts';
import { confirmPath, mailScopes } from '../../functions/accounts/app-registration.ts';
import { cloudNames, clouds } from '../../functions/accounts/clouds.ts';
import { queueNames } from '../../functions/azure/storage-work-queues.ts';
import { settingsSchema } from '../../functions/settings.ts';
import { everyProperty, ofType, readSnapshot, textOf, theOne, type Json } from './snapshot.ts';

const snapshot = readSnapshot('defaults');
const functions = globSync('functions/**/*.ts').map((file) => readFileSync(file, 'utf8'));
const all = functions.join('\n');
const namesOf = (type: string) => ofType(snapshot, type).map(({ name }) => name?.split('/').at(-1));

describe('the infrastructure is as the code says', () => {
  it('settings: all that Postern reads in Azure, and what the host needs', () => {
    const settings = Object.keys(theOne(snapshot, 'Microsoft.Web/sites/config').properties ?? {});
    const forTheHost = [
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'AzureWebJobsDisableHomepage',
      'AzureWebJobsStorage__credential',
      'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
    ];
    const notInAzure = ['AzureWebJobsStorage', 'WEBSITE_HOSTNAME'];
    const ours = Object.keys(settingsSchema.shape).filter((name) => !notInAzure.includes(name));
    expect(settings.toSorted()).toEqual([...forTheHost, ...ours].toSorted());
  });

  it('settings stand in order in their file', () => {
    const text = readFileSync('infra/modules/app-settings.bicep', 'utf8');
    const names = [...(/var settings = \{\n([^}]*\})*?\n\}/.exec(text)?.[0] ?? '').matchAll(/^ {2}(\w+):/gm)].map(
      (match) => match[1],
    );
    expect(names.length).toBeGreaterThan(10);
    expect(names).toEqual(names.toSorted());
  });

  it('settings of the defaults are those of the code', () => {
    expect(theOne(snapshot, 'Microsoft.Web/sites/config').properties).toMatchObject({
      MICROSOFT_CLOUD: settingsSchema.shape.MICROSOFT_CLOUD.parse(undefined),
      // Empty: those of the cloud.
      OUTLOOK_SMTP_SERVER: '',
      OUTLOOK_IMAP_SERVER: '',
    });
  });

  it.each([
    ['defaults', 'global', 'managed-identity', '', expect.stringContaining('reference('), expect.any(String)],
    ['certificate', 'global', 'certificate', 'postern-app', expect.stringMatching(/^2{8}-/), 'organizations'],
    ['client-secret', 'global', 'client-secret', '', '', ''],
    ['national-cloud', 'gcc-high', 'managed-identity', '', expect.stringContaining('reference('), expect.any(String)],
  ])('settings of the application: %s', (set, cloud, credential, certificate, clientId, tenant) => {
    const settings = theOne(readSnapshot(set), 'Microsoft.Web/sites/config').properties ?? {};
    expect(settings).toMatchObject({
      MICROSOFT_CLOUD: cloud,
      MICROSOFT_CREDENTIAL: credential,
      MICROSOFT_CERTIFICATE: certificate,
      MICROSOFT_CLIENT_ID: clientId as unknown,
      MICROSOFT_TENANT_ID: tenant as unknown,
      MICROSOFT_LOGIN_URL: '',
    });
    // One without the other is refused by functions/settings.ts.
    expect(settings['MICROSOFT_CLIENT_ID'] === '').toBe(settings['MICROSOFT_TENANT_ID'] === '');
  });

  it('the federated credential has the audience of its cloud', () => {
    const template = JSON.parse(readFileSync('infra/app-registration.json', 'utf8')) as { variables: Json };
    expect(template.variables).toMatchObject({
      tokenExchangeAudiences: Object.fromEntries(cloudNames.map((name) => [name, clouds[name].tokenExchangeAudience])),
    });
    for (const [set, cloud] of [
      ['defaults', 'global'],
      ['national-cloud', 'gcc-high'],
    ] as const) {
      const credential = theOne(readSnapshot(set), 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0');
      expect(credential.properties).toMatchObject({ audiences: [clouds[cloud].tokenExchangeAudience] });
    }
  });

  it('only named people open the console', () => {
    const assigned = (set: string) =>
      ofType(readSnapshot(set), 'Microsoft.Graph/appRoleAssignedTo@v1.0').map(({ properties }) => properties);
    const application = theOne(readSnapshot('private-network'), 'Microsoft.Graph/applications@v1.0').properties as Json;
    const roles = everyProperty(application).filter(([path]) => /^appRoles\.\d\.id$/.test(path));
    expect(assigned('defaults')).toEqual([]);
    expect(assigned('private-network')).toMatchObject([
      { principalId: '11111111-1111-4111-8111-111111111111', appRoleId: '00000000-0000-0000-0000-000000000000' },
      { principalId: '33333333-3333-4333-8333-333333333333', appRoleId: roles.at(-1)?.[1] },
    ]);
  });

  it('queues, each with the one that takes what failed', () => {
    const queues = Object.values(queueNames).flatMap((name) => [name, `${name}-poison`]);
    expect(namesOf('Microsoft.Storage/storageAccounts/queueServices/queues').sort()).toEqual(queues.sort());
  });

  it('tables', () => {
    const opened = functions.flatMap((text) => [...text.matchAll(/openTable\('(\w+)'\)/g)].map((match) => match[1]));
    expect(opened.length).toBeGreaterThan(7);
    expect(namesOf('Microsoft.Storage/storageAccounts/tableServices/tables').sort()).toEqual(opened.sort());
  });

  it('containers: that of the mail, and that of the package', () => {
    const named = functions.flatMap((text) =>
      [...text.matchAll(/^const container = '(\w+)';/gm)].map((match) => match[1]),
    );
    expect(named).toHaveLength(1);
    expect(namesOf('Microsoft.Storage/storageAccounts/blobServices/containers')).toEqual(['package', ...named]);
    const site = everyProperty(theOne(snapshot, 'Microsoft.Web/sites').properties as Json);
    expect(site.find(([path]) => path.endsWith('deployment.storage.value'))?.[1]).toContain("'package'");
  });

  it('alerts look for functions that exist, and for lines that are logged', () => {
    const queries = ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules').map(
      ({ properties }) => everyProperty(properties as Json).find(([path]) => path.endsWith('.query'))?.[1],
    );
    const wordsOf = (form: RegExp) =>
      queries.flatMap((query) => [...textOf(query).matchAll(form)].map(([, word = '']) => word));
    const named = wordsOf(/(?:name|operation_Name) == "(\w+)"/g);
    expect(named).toEqual(['fetchTimer', 'fetchQueue']);
    const isThere = (name: string) => RegExp(`app\\.(timer|storageQueue)\\('${name}'`).test(all);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
    // The host's own: of an entry that it hands over, and of one that it gives up.
    const hosts = ['Trigger Details: MessageId: ', 'Message has reached MaxDequeueCount'];
    const lines = wordsOf(/startswith "([^"]+)"/g);
    expect(lines).toEqual(expect.arrayContaining(hosts));
    const isLogged = (line: string) => all.includes(`'${line}'`);
    expect(lines.filter((line) => !hosts.includes(line) && !isLogged(line))).toEqual([]);
    expect(lines).toHaveLength(hosts.length + 6);
  });

  it('docs/OPERATIONS.md says of every alert what to do', () => {
    const types = ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts'];
    const prefix = theOne(snapshot, 'Microsoft.Web/sites').name ?? 'none';
    const alerts = types
      .flatMap((type) => ofType(snapshot, type))
      .map(({ name = '' }) => name.replace(`${prefix}-`, ''));
    const told = readFileSync('docs/OPERATIONS.md', 'utf8').match(/(?<=\n\| alert \|.*\n(?:\|.*\n)+?\| `)[\w-]+/g);
    expect(told?.toSorted()).toEqual(alerts.toSorted());
  });

  it('large events are removed by age, and nothing else in the mail is', () => {
    const [rule, ...others] = everyProperty(
      theOne(snapshot, 'Microsoft.Storage/storageAccounts/managementPolicies').properties as Json,
    )
      .filter(([path]) => /prefixMatch/.test(path))
      .map(([, prefix]) => textOf(prefix));
    expect(others).toEqual([]);
    expect(all).toContain(`const name = \`${rule?.replace('mail/', '')}\${id}.json\`;`);
  });

  it('the application: its redirect URI, its permissions and its roles', () => {
    const application = theOne(snapshot, 'Microsoft.Graph/applications@v1.0').properties as Json;
    expect(application).toMatchObject({
      web: { redirectUris: [expect.stringContaining(confirmPath), expect.stringContaining('/console/signed-in')] },
      // People are let in to the console; what else there is, applications do.
      appRoles: scopes.map((scope) =>
        scope === 'admin'
          ? { value: 'Postern.Admin', allowedMemberTypes: ['User', 'Application'], isEnabled: true }
          : { value: scope, allowedMemberTypes: ['Application'], isEnabled: true },
      ),
    });
    const compiled = JSON.parse(readFileSync('infra/app-registration.json', 'utf8')) as { variables: Json };
    expect(compiled.variables).toMatchObject({
      mailPermissions: mailScopes({})
        .map((scope) => scope.split('/').at(-1))
        .toSorted(),
    });
  });

  it('the application has the real host name, which is known only when the app is there: so its settings come last', () => {
    const app = theOne(snapshot, 'Microsoft.Web/sites');
    const application = theOne(snapshot, 'Microsoft.Graph/applications@v1.0').properties as Json;
    const [redirectUri] = everyProperty(application).filter(([path]) => path === 'web.redirectUris.0');
    expect(redirectUri?.[1]).toMatch(new RegExp(`reference\\('${app.id ?? 'none'}', '[0-9-]+'\\)\\.defaultHostName`));
    expect(everyProperty(app.properties as Json).filter(([path]) => path.includes('appSettings'))).toEqual([]);
  });

  it('the application has no secret, but the identity as its credential, and consent only where asked for', () => {
    const inAll = (set: string) => readSnapshot(set).predictedResources.map(({ type }) => type);
    const types = inAll('defaults').filter((type) => type.startsWith('Microsoft.Graph/'));
    expect(types).toEqual([
      'Microsoft.Graph/applications@v1.0',
      'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0',
      'Microsoft.Graph/servicePrincipals@v1.0',
    ]);
    expect(inAll('private-network').filter((type) => type.includes('oauth2PermissionGrants'))).toHaveLength(2);
    expect(inAll('no-entra-application').filter((type) => type.startsWith('Microsoft.Graph/'))).toEqual([]);
  });
});
