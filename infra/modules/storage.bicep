import { place as placeOf, reach as reachOf } from 'types.bicep'

@description('Name of the storage account: 3 to 24 lower-case letters and digits.')
param name string

@description('Region and tags.')
param place placeOf

@description('Container that the host reads the app\'s package from.')
param deploymentContainer string

@description('Who can reach it at all.')
param reach reachOf

@description('Copies in three zones of the region instead of one.')
param zoneRedundant bool

// As functions/services.ts, functions/azure/raw-mail-blobs.ts and functions/azure/storage-work-queues.ts name them.
var containers = [deploymentContainer, 'mail']
var queues = ['deliver', 'fetch', 'send']
var tables = [
  'configuration'
  'consents'
  'deliveries'
  'idempotency'
  'leases'
  'mail'
  'messages'
  'received'
  'state'
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: place.location
  tags: place.tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: reach.network == 'public' || !empty(reach.allowedAddresses) ? 'Enabled' : 'Disabled'
    // Without keys a signature can only be made by an identity; one that lives longer than a day is noted.
    sasPolicy: { expirationAction: 'Log', sasExpirationPeriod: '1.00:00:00' }
    networkAcls: {
      // Azure's own hand that removes old blobs, below, comes from outside.
      bypass: 'AzureServices'
      defaultAction: reach.network == 'public' ? 'Allow' : 'Deny'
      ipRules: [for address in reach.allowedAddresses: { action: 'Allow', value: address }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    // No versions: nothing is written over with other bytes, so they would only keep removed mail for longer.
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

  // Events too large for an entry of a queue, which whoever reads the queue fetches within this time; nothing else removes
  // them. All other blobs have a row that says whether they are still needed: age alone would take mail away.
  resource lifecycle 'managementPolicies' = {
    name: 'default'
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'events'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['mail/events/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
            }
          }
        ]
      }
    }
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
