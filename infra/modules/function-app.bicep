import { place as placeOf } from 'types.bicep'

@description('Name of the app, part of its host name, and of the plan: a Flex Consumption plan has one app.')
param name string

@description('Region and tags.')
param place placeOf

@description('Name of the identity the app runs as.')
param identityName string

@description('Name of the storage account.')
param storageName string

@description('Container of the storage account that the host reads the app\'s package from.')
param deploymentContainer string

@description('Memory of an instance in MB.')
param instanceMemory int

@description('Instances at most.')
param maximumInstances int

@description('Instances that are kept warm for HTTP; each is billed by the hour.')
param warmInstances int

@description('Instances in more than one zone of the region.')
param zoneRedundant bool

@description('Subnet that outgoing connections start from; empty for none.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: name
  location: place.location
  tags: place.tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

// Without its settings: one of them may need the application's client id, whose redirect URI needs the app's host name,
// which is known only now.
resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: place.location
  tags: place.tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        // In several zones none or at least two.
        alwaysReady: warmInstances == 0
          ? []
          : [{ name: 'http', instanceCount: zoneRedundant ? max(warmInstances, 2) : warmInstances }]
      }
    }
  }

  // Code is put in place by people and pipelines known to Entra, not by a user name and a password.
  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
    // One change of an app at a time.
    dependsOn: [noScmPassword]
  }
}

@description('Host name of the app. It may carry a suffix of Azure\'s own: never build it from the app\'s name.')
output hostName string = app.properties.defaultHostName
