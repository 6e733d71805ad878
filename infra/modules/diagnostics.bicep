@description('Name of the storage account.')
param storageName string

@description('Name of the key vault.')
param vaultName string

@description('Name of the app.')
param appName string

@description('Name of the Log Analytics workspace that is told.')
param workspaceName string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = { name: 'default' }

  resource queues 'queueServices' existing = { name: 'default' }

  resource tables 'tableServices' existing = { name: 'default' }
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// The stable version of diagnostic settings, of 2016, knows one setting per resource and no groups of categories.

// Who read or changed which secret.
#disable-next-line use-recent-api-versions
resource secrets 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: { workspaceId: workspace.id, logs: [{ categoryGroup: 'audit', enabled: true }] }
}

// Who asked the logs what: they have mail addresses in them.
#disable-next-line use-recent-api-versions
resource queries 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: workspace
  name: 'audit'
  properties: { workspaceId: workspace.id, logs: [{ category: 'Audit', enabled: true }] }
}

// What was removed, by whom. Reads and writes are not kept: every poll makes some, and each line costs.
#disable-next-line use-recent-api-versions
resource blobRemovals 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: storage::blobs
  name: 'removals'
  properties: { workspaceId: workspace.id, logs: [{ category: 'StorageDelete', enabled: true }] }
}

#disable-next-line use-recent-api-versions
resource tableRemovals 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: storage::tables
  name: 'removals'
  properties: { workspaceId: workspace.id, logs: [{ category: 'StorageDelete', enabled: true }] }
}

// How many entries wait, once an hour. Each is removed when it is done: that is not worth a line.
#disable-next-line use-recent-api-versions
resource queueLengths 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: storage::queues
  name: 'lengths'
  properties: { workspaceId: workspace.id, metrics: [{ category: 'Capacity', enabled: true }] }
}

// What is executed, as it is billed. What the functions say goes to Application Insights; a second copy would cost as much.
#disable-next-line use-recent-api-versions
resource executions 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'executions'
  properties: { workspaceId: workspace.id, metrics: [{ category: 'AllMetrics', enabled: true }] }
}
