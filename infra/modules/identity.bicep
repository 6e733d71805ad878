import { place as placeOf } from 'types.bicep'

@description('Name of the identity.')
param name string

@description('Region and tags.')
param place placeOf

// User-assigned, for only such an identity can be a federated credential of an application, and because it exists before
// the app does: its roles are in place when the app first starts.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: place.location
  tags: place.tags
}

@description('Object id of the identity in Entra: the subject of the federated credential.')
output principalId string = identity.properties.principalId
