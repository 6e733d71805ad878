import { network as networkOf, tags as tagsOf } from 'types.bicep'

@description('Name of the storage account: 3 to 24 lower-case letters and digits.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Container that the host reads the app\'s package from.')
param deploymentContainer string

@description('Who can reach the account at all.')
param network networkOf

@description('Public addresses (IPv4 or CIDR) let in although the network is private.')
param allowedAddresses string[]

@description('Copies in three zones of the region instead of one.')
param zoneRedundant bool

@description('Log Analytics workspace that is told who changed what.')
param workspaceId string

// As functions/services.ts, functions/azure/raw-mail-blobs.ts and functions/azure/storage-work-queues.ts name them.
var containers = [deploymentContainer, 'mail']
var queues = ['deliver', 'fetch', 'send']
var tables = ['configuration', 'consents', 'deliveries', 'idempotency', 'leases', 'messages', 'received', 'state']

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: network == 'public' || !empty(allowedAddresses) ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: network == 'public' ? 'Allow' : 'Deny'
      ipRules: [for address in allowedAddresses: { action: 'Allow', value: address }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
      deleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    // The host moves an entry that failed too often to NAME-poison; made here, nobody meets one that is missing.
    resource queue 'queues' = [for queue in flatten(map(queues, queue => [queue, '${queue}-poison'])): { name: queue }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [for table in tables: { name: table }]
  }
}

// What was removed, by whom. Reads and writes are not kept: every poll makes some, and each line costs. The stable version
// of this resource, of 2016, knows only one setting per resource.
#disable-next-line use-recent-api-versions
resource blobRemovals 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'removals'
  properties: { workspaceId: workspaceId, logs: [{ category: 'StorageDelete', enabled: true }] }
}

#disable-next-line use-recent-api-versions
resource tableRemovals 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::tableService
  name: 'removals'
  properties: { workspaceId: workspaceId, logs: [{ category: 'StorageDelete', enabled: true }] }
}
