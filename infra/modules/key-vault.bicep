import { place as placeOf, reach as reachOf } from 'types.bicep'

@description('Name of the vault: 3 to 24 letters, digits and single hyphens, beginning with a letter.')
param name string

@description('Region and tags.')
param place placeOf

@description('Who can reach it at all.')
param reach reachOf

@description('Brings back the vault of this name that was deleted less than 90 days ago, with what was in it.')
param recover bool

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: place.location
  tags: place.tags
  properties: {
    tenantId: tenant().tenantId
    createMode: recover ? 'recover' : 'default'
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Can never be taken back. Without it whoever deletes the vault could destroy every mailbox's token for good.
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: reach.network == 'public' || !empty(reach.allowedAddresses) ? 'Enabled' : 'Disabled'
    networkAcls: {
      // No service of Azure comes for anything in it.
      bypass: 'None'
      defaultAction: reach.network == 'public' ? 'Allow' : 'Deny'
      ipRules: [for address in reach.allowedAddresses: { value: address }]
    }
  }
}
