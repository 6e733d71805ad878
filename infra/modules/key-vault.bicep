import { network as networkOf, tags as tagsOf } from 'types.bicep'

@description('Name of the vault: 3 to 24 letters, digits and single hyphens, beginning with a letter.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagsOf

@description('Who can reach the vault at all.')
param network networkOf

@description('Public addresses (IPv4 or CIDR) let in although the network is private.')
param allowedAddresses string[]

@description('Brings back the vault of this name that was deleted less than 90 days ago, with what was in it.')
param recover bool

@description('Log Analytics workspace that is told who read which secret.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
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
    publicNetworkAccess: network == 'public' || !empty(allowedAddresses) ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: network == 'public' ? 'Allow' : 'Deny'
      ipRules: [for address in allowedAddresses: { value: address }]
    }
  }
}

// The stable version, of 2016, knows only one setting per resource and no groups of categories.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'audit', enabled: true }] }
}
