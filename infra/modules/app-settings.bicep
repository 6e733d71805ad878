@description('Name of the app.')
param appName string

@description('Name of the identity the app runs as.')
param identityName string

@description('Name of the storage account.')
param storageName string

@description('Name of the key vault.')
param vaultName string

@description('Name of the Application Insights component.')
param insightsName string

@description('Where browsers reach the app.')
param publicUrl string

@description('The cloud the mailboxes are in.')
param microsoftCloud string

@description('Application (client) id; empty: told through the API.')
param clientId string

@description('Whether there is one; what is not known before the deployment cannot be compared.')
param isClientKnown bool

@description('Whose mailboxes may be connected.')
param signInAudience string

@description('What the application proves itself with.')
param credential string

@description('Name of the certificate in the vault, if that is the credential.')
param certificateName string

@description('host:port a new outgoing server starts with; empty: that of the cloud.')
param smtpServer string

@description('host:port a new incoming server starts with; empty: that of the cloud.')
param imapServer string

@description('Private networks (CIDR) that webhooks may reach.')
param webhookPrivateNetworks string[]

@description('Days after which finished messages and deliveries are forgotten; 0: never.')
param historyDays int

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Where people sign in, as the application's audience allows.
var signInTenants = {
  AzureADMyOrg: tenant().tenantId
  AzureADMultipleOrgs: 'organizations'
  AzureADandPersonalMicrosoftAccount: 'common'
}

// Everything functions/settings.ts reads in Azure, and what the host reads besides. None is a secret: whatever is one
// stands in the vault.
var settings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '167772160'
  HISTORY_DAYS: historyDays == 0 ? '' : string(historyDays)
  KEY_VAULT_URL: vault.properties.vaultUri
  MICROSOFT_CERTIFICATE: certificateName
  MICROSOFT_CLIENT_ID: clientId
  MICROSOFT_CLOUD: microsoftCloud
  MICROSOFT_CREDENTIAL: credential
  MICROSOFT_LOGIN_URL: ''
  MICROSOFT_TENANT_ID: isClientKnown ? signInTenants[signInAudience] : ''
  OUTLOOK_IMAP_SERVER: imapServer
  OUTLOOK_SMTP_SERVER: smtpServer
  PUBLIC_URL: publicUrl
  WEBHOOK_PRIVATE_NETWORKS: join(webhookPrivateNetworks, ',')
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }
}
