import { describe, expect, it } from 'vitest';
import { everyProperty, ofType, readSnapshot, textOf, theOne, type Json } from './snapshot.ts';

const sets = [
  'defaults',
  'private-network',
  'no-entra-application',
  'certificate',
  'client-secret',
  'national-cloud',
] as const;
const storageAccount = 'Microsoft.Storage/storageAccounts';
const vault = 'Microsoft.KeyVault/vaults';

/** Of each type: how long a name may be, and what it is made of. */
const namesOf: Record<string, [longest: number, form: RegExp]> = {
  'Microsoft.Insights/actionGroups': [260, /^[\w-]+$/],
  'Microsoft.Insights/components': [260, /^[\w.-]+$/],
  'Microsoft.Insights/metricAlerts': [260, /^[\w-]+$/],
  'Microsoft.Insights/scheduledQueryRules': [260, /^[\w-]+$/],
  'Microsoft.KeyVault/vaults': [24, /^[a-z](?:-?[a-z0-9])+$/],
  'Microsoft.ManagedIdentity/userAssignedIdentities': [128, /^[a-z][\w-]+$/],
  'Microsoft.Network/networkSecurityGroups': [80, /^[a-z][\w.-]*\w$/],
  'Microsoft.Network/privateEndpoints': [80, /^[a-z][\w.-]*\w$/],
  'Microsoft.Network/virtualNetworks': [64, /^[a-z][\w.-]*\w$/],
  'Microsoft.OperationalInsights/workspaces': [63, /^[a-z0-9][a-z0-9-]+[a-z0-9]$/],
  'Microsoft.Storage/storageAccounts': [24, /^[a-z0-9]{3,}$/],
  'Microsoft.Web/serverfarms': [60, /^[a-z0-9-]+$/],
  // The host tells apps that share a storage account apart by the first 32 characters.
  'Microsoft.Web/sites': [32, /^[a-z0-9][a-z0-9-]+[a-z0-9]$/],
};

/** What Flex Consumption refuses or ignores: reference in docs of Azure Functions, "Flex Consumption plan deprecations". */
const notOnFlex =
  /(^|\.)(alwaysOn|ftpsState|functionAppScaleLimit|functionsRuntimeScaleMonitoringEnabled|linuxFxVersion|netFrameworkVersion|preWarmedInstanceCount|use32BitWorkerProcess)$/i;

describe.each(sets)('%s', (set) => {
  const snapshot = readSnapshot(set);
  const isPrivate = set === 'private-network';

  it('was made without a complaint', () => {
    expect(snapshot.diagnostics).toEqual([]);
    expect(snapshot.predictedResources.length).toBeGreaterThan(30);
  });

  it('lets nobody in by a key or a password', () => {
    expect(theOne(snapshot, storageAccount).properties).toMatchObject({
      allowSharedKeyAccess: false,
      isLocalUserEnabled: false,
    });
    expect(theOne(snapshot, vault).properties).toMatchObject({ enableRbacAuthorization: true });
    expect(theOne(snapshot, 'Microsoft.Insights/components').properties).toMatchObject({ DisableLocalAuth: true });
    expect(theOne(snapshot, 'Microsoft.OperationalInsights/workspaces').properties).toMatchObject({
      features: { disableLocalAuth: true },
    });
    const publishing = ofType(snapshot, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(publishing.map(({ name, properties }) => [name?.split('/').at(-1), properties?.['allow']])).toEqual([
      ['scm', false],
      ['ftp', false],
    ]);
  });

  it('takes no unencrypted connection', () => {
    expect(theOne(snapshot, storageAccount).properties).toMatchObject({
      supportsHttpsTrafficOnly: true,
      minimumTlsVersion: 'TLS1_2',
    });
    expect(theOne(snapshot, 'Microsoft.Web/sites').properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2' },
    });
  });

  it('shows no blob to the public', () => {
    expect(theOne(snapshot, storageAccount).properties).toMatchObject({ allowBlobPublicAccess: false });
    const containers = ofType(snapshot, `${storageAccount}/blobServices/containers`);
    expect(containers.map(({ properties }) => properties?.['publicAccess'])).toEqual(['None', 'None']);
  });

  it(`has storage and vault on ${isPrivate ? 'a private network' : 'the internet, as asked'}`, () => {
    const defaultAction = isPrivate ? 'Deny' : 'Allow';
    // Azure's removal of old blobs comes from outside of any network; for the vault nobody does.
    expect(theOne(snapshot, storageAccount).properties).toMatchObject({
      networkAcls: { bypass: 'AzureServices', defaultAction },
    });
    expect(theOne(snapshot, vault).properties).toMatchObject({ networkAcls: { bypass: 'None', defaultAction } });
    const endpoints = ofType(snapshot, 'Microsoft.Network/privateEndpoints');
    expect(endpoints.map(({ name }) => name?.split('-').at(-1))).toEqual(
      isPrivate ? ['blob', 'queue', 'table', 'vault'] : [],
    );
    const subnets = ofType(snapshot, 'Microsoft.Network/virtualNetworks/subnets');
    expect(subnets.map(({ properties }) => Object.keys(properties?.['networkSecurityGroup'] ?? {}))).toEqual(
      isPrivate ? [['id'], ['id']] : [],
    );
    expect(theOne(snapshot, 'Microsoft.Web/sites').properties?.['virtualNetworkSubnetId'] ?? null).toEqual(
      isPrivate ? expect.stringMatching(/\/subnets\/functions$/) : null,
    );
  });

  it('keeps what is deleted for a while', () => {
    expect(theOne(snapshot, vault).properties).toMatchObject({
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
    expect(theOne(snapshot, `${storageAccount}/blobServices`).properties).toMatchObject({
      deleteRetentionPolicy: { enabled: true },
      containerDeleteRetentionPolicy: { enabled: true },
    });
  });

  it('lets nothing leave for, or be copied from, another organisation', () => {
    expect(theOne(snapshot, storageAccount).properties).toMatchObject({
      allowCrossTenantReplication: false,
      allowedCopyScope: 'AAD',
      sasPolicy: { sasExpirationPeriod: '1.00:00:00' },
    });
  });

  it(`can${isPrivate ? 'not' : ''} be deleted, as asked`, () => {
    const locked = ofType(snapshot, 'Microsoft.Authorization/locks').map(
      ({ id }) => id?.split('/providers/Microsoft.Authorization/')[0],
    );
    expect(locked).toEqual(isPrivate ? [storageAccount, vault].map((type) => theOne(snapshot, type).id) : []);
  });

  it('gives these roles to the identity, and no others to anybody', () => {
    const given = ofType(snapshot, 'Microsoft.Authorization/roleAssignments').map(({ id, properties }) => ({
      on: id?.split('/providers/Microsoft.Authorization/')[0],
      role: textOf(properties?.['roleDefinitionId']).split('/').at(-1),
      to: textOf(properties?.['principalId']),
    }));
    const [storage, secrets, insights] = [storageAccount, vault, 'Microsoft.Insights/components'].map(
      (type) => theOne(snapshot, type).id,
    );
    const identity = theOne(snapshot, 'Microsoft.ManagedIdentity/userAssignedIdentities').id ?? 'none';
    const to = expect.stringMatching(
      RegExp(`^\\[reference\\('${identity}', '[0-9-]+'\\)\\.principalId\\]$`),
    ) as unknown;
    expect(given).toEqual([
      { on: storage, role: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', to }, // Storage Blob Data Owner
      { on: storage, role: '974c5e8b-45b9-4653-ba55-5f855dd0fb88', to }, // Storage Queue Data Contributor
      { on: storage, role: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', to }, // Storage Table Data Contributor
      { on: secrets, role: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', to }, // Key Vault Secrets Officer
      { on: insights, role: '3913510d-42f4-4e42-8a64-420c390055eb', to }, // Monitoring Metrics Publisher
    ]);
  });

  it('has no secret in its settings and outputs', () => {
    const settings = theOne(snapshot, 'Microsoft.Web/sites/config').properties ?? {};
    for (const [name, value] of everyProperty({ ...settings, ...snapshot.outputs })) {
      expect(name).not.toMatch(/secret|password|accountkey|sas$/i);
      expect(textOf(value), name).not.toMatch(/list[A-Z]\w*\(|AccountKey=|SharedAccess|sig=|getSecret/);
    }
  });

  it('tells the workspace who read secrets and logs, who removed mail, what waits and what is executed', () => {
    const told = ofType(snapshot, 'Microsoft.Insights/diagnosticSettings').map(({ id, properties }) => [
      id?.split('/providers/Microsoft.Insights/')[0],
      everyProperty(properties as Json).find(([path]) => /\.category(Group)?$/.test(path))?.[1],
    ]);
    const known: [type: string, category: string][] = [
      [vault, 'audit'],
      ['Microsoft.OperationalInsights/workspaces', 'Audit'],
      [`${storageAccount}/blobServices`, 'StorageDelete'],
      [`${storageAccount}/tableServices`, 'StorageDelete'],
      [`${storageAccount}/queueServices`, 'Capacity'],
      ['Microsoft.Web/sites', 'AllMetrics'],
    ];
    expect(told).toEqual(known.map(([type, category]) => [theOne(snapshot, type).id, category]));
  });

  it('costs nothing while nobody asks, unless told otherwise', () => {
    expect(theOne(snapshot, 'Microsoft.Web/sites').properties).toMatchObject({
      functionAppConfig: {
        scaleAndConcurrency: isPrivate
          ? // In several zones at least two.
            { instanceMemoryMB: 2048, maximumInstanceCount: 100, alwaysReady: [{ name: 'http', instanceCount: 2 }] }
          : { instanceMemoryMB: 512, maximumInstanceCount: 40, alwaysReady: [] },
      },
    });
    const zones = [
      theOne(snapshot, storageAccount).sku?.name,
      theOne(snapshot, 'Microsoft.Web/serverfarms').properties?.['zoneRedundant'],
    ];
    expect(zones).toEqual(isPrivate ? ['Standard_ZRS', true] : ['Standard_LRS', false]);
  });

  it('asks Flex Consumption for nothing it refuses', () => {
    expect(theOne(snapshot, 'Microsoft.Web/serverfarms')).toMatchObject({ sku: { name: 'FC1' } });
    const site = theOne(snapshot, 'Microsoft.Web/sites').properties as Json;
    expect(everyProperty(site).filter(([path]) => notOnFlex.test(path))).toEqual([]);
    expect(site).toMatchObject({ functionAppConfig: { runtime: { name: 'node', version: '24' } } });
  });

  it('has names that Azure takes', () => {
    const named = snapshot.predictedResources.filter(({ type }) => type in namesOf);
    expect(named.length).toBeGreaterThan(9);
    for (const { type, name = '' } of named) {
      const [longest, form] = namesOf[type] ?? [0, /^$/];
      expect(name, type).toMatch(form);
      expect(name.length, `${type} ${name}`).toBeLessThanOrEqual(longest);
    }
  });

  it('tags whatever can be tagged', () => {
    const untagged = snapshot.predictedResources.filter((made) => 'location' in made && !('tags' in made));
    expect(untagged).toEqual([]);
  });

  it('makes everything by versions that are not going away', () => {
    // Of vaults, those before 2026-02-01 end on 2027-02-27.
    expect(theOne(snapshot, vault).apiVersion).toBe('2026-02-01');
    const old = snapshot.predictedResources
      .filter(({ apiVersion = '9' }) => apiVersion < '2024')
      .map(({ type, apiVersion }) => `${type}@${apiVersion ?? ''}`);
    // The newest there are.
    const newest = [
      'Microsoft.Authorization/locks@2020-05-01',
      'Microsoft.Authorization/roleAssignments@2022-04-01',
      'Microsoft.Insights/actionGroups@2023-01-01',
      'Microsoft.Insights/components@2020-02-02',
      'Microsoft.Insights/diagnosticSettings@2021-05-01-preview',
    ];
    expect(newest).toEqual(expect.arrayContaining(old));
    expect(old.length).toBeGreaterThan(10);
  });
});

it('the longest name a deployment may have is among those looked at', () => {
  expect(theOne(readSnapshot('private-network'), vault).name).toHaveLength('fourteen-chars'.length + 9);
});
