import { place as placeOf } from 'types.bicep'

@description('Name of the virtual network, and what its endpoints\' names begin with.')
param name string

@description('Region and tags.')
param place placeOf

@description('Addresses of the virtual network: a /24 or larger.')
param addressPrefix string

@description('Name of the storage account that is reached from here.')
param storageName string

@description('Name of the key vault that is reached from here.')
param vaultName string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

// What is reached, and the zone in which its private address is published.
var services = [
  { part: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { part: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { part: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
  { part: 'vault', zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}' }
]

// Its own rules: nothing comes in from outside the network.
resource security 'Microsoft.Network/networkSecurityGroups@2025-07-01' = {
  name: name
  location: place.location
  tags: place.tags
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: name
  location: place.location
  tags: place.tags
  properties: { addressSpace: { addressPrefixes: [addressPrefix] } }

  // Mail and sign-in go out to the internet through the service's own addresses: of a delegated subnet it sees to itself.
  resource functions 'subnets' = {
    name: 'functions'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 25, 0)
      networkSecurityGroup: { id: security.id }
      delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 27, 4)
      networkSecurityGroup: { id: security.id }
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
      defaultOutboundAccess: false
    }
    // One change of a network at a time.
    dependsOn: [functions]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in services: { name: service.zone, location: 'global', tags: place.tags }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in services: {
    parent: zones[index]
    name: name
    location: 'global'
    tags: place.tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-07-01' = [
  for service in services: {
    name: '${name}-${service.part}'
    location: place.location
    tags: place.tags
    properties: {
      subnet: { id: network::endpoints.id }
      privateLinkServiceConnections: [
        {
          name: service.part
          properties: {
            privateLinkServiceId: service.part == 'vault' ? vault.id : storage.id
            groupIds: [service.part]
          }
        }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = [
  for (service, index) in services: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: service.part, properties: { privateDnsZoneId: zones[index].id } }] }
  }
]

@description('Resource id of the subnet that the app\'s outgoing connections start from.')
output functionsSubnetId string = network::functions.id
