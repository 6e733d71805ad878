@description('Name of the storage account.')
param storageName string

@description('Name of the key vault.')
param vaultName string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

// What cannot be made again: all mail and records, and the mailboxes' grants. Everything else a deployment brings back.
var lock = { level: 'CanNotDelete', notes: 'Remove the lock first; then everything in here is gone for good.' }

resource storageLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: storage
  name: 'keep'
  properties: lock
}

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'keep'
  properties: lock
}
