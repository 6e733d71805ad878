metadata description = 'Postern: a mail gateway for Microsoft 365 in your own subscription. One deployment, no secret.'

import { credential as credentialOf, microsoftCloud as cloudOf, network as networkOf, tags as tagsOf } from 'modules/types.bicep'

// --- What it is called and where it is ---

@description('What every resource\'s name begins with: lower-case letters, digits and single hyphens, a letter first.')
@minLength(2)
@maxLength(14)
param name string = 'postern'

@description('Azure region; one that has Flex Consumption plans.')
param location string = resourceGroup().location

@description('Tags of every resource, beside application = name.')
param tags tagsOf = {}

// --- How large it may become ---

@description('Memory of an instance in MB; what is billed is this times the time it works.')
@allowed([512, 2048, 4096])
param instanceMemory int = 512

@description('Instances at most: a bound on the bill under a flood of requests.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances kept warm for HTTP, billed by the hour. 0: the first request after a quiet time waits some seconds.')
@minValue(0)
@maxValue(10)
param warmInstances int = 0

@description('Storage and instances in more than one zone of the region; the region must have zones.')
param zoneRedundant bool = false

// --- Who can reach what ---

@description('public: storage and vault are on the internet, closed to all but identities. private: in a virtual network only.')
param network networkOf = 'public'

@description('Addresses of the virtual network, a /24 or larger. Only for a private network.')
param addressPrefix string = '10.117.0.0/24'

@description('Public addresses (IPv4 or CIDR) that reach storage and vault although the network is private, such as yours.')
param allowedAddresses string[] = []

@description('Private networks (CIDR) that webhooks may reach, also over plain http.')
param webhookPrivateNetworks string[] = []

@description('Days after which finished messages and deliveries are forgotten; 0: never.')
@minValue(0)
@maxValue(3650)
param historyDays int = 0

// --- What it is told ---

@description('Where browsers reach it, as in https://mail.example.com (no slash after it); empty: the app\'s own host name.')
param publicUrl string = ''

@description('The cloud the mailboxes are in: global (with GCC), gcc-high, dod or china. It decides sign-in and mail servers.')
param microsoftCloud cloudOf = 'global'

@description('host:port a new outgoing server starts with; empty: that of the cloud.')
param smtpServer string = ''

@description('host:port a new incoming server starts with; empty: that of the cloud.')
param imapServer string = ''

// --- The Entra application ---

@description('create: this deployment makes it, which takes the right to make applications. existing: somebody else has.')
@allowed(['create', 'existing'])
param application string = 'create'

@description('Application (client) id of the existing application; empty: told through PUT /v1/app.')
param existingClientId string = ''

@description('Whose mailboxes may be connected: this tenant\'s, any tenant\'s, or personal ones too.')
@allowed(['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount'])
param signInAudience string = 'AzureADMyOrg'

@description('What the application proves itself with. Only a managed identity never ends.')
param credential credentialOf = 'managed-identity'

@description('Name of the certificate in the vault, for the credential certificate.')
param certificateName string = ''

@description('Consents for everybody in this tenant, so that nobody is asked. Takes a directory role that may grant.')
param grantConsent bool = false

@description('Object ids of the users and groups that alone may sign in; none: everybody in the tenant.')
param assignedPrincipals string[] = []

@description('Object ids of the users and groups that may open the console: they get the role Postern.Admin.')
param administrators string[] = []

// --- Watching it ---

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Gigabytes of logs a day after which no more are taken: a bound on the bill. -1: none.')
param dailyLogLimitGb int = 1

@description('Mail addresses that alerts and the budget write to; none: alerts are seen in the portal, the budget tells owners.')
param alertEmails string[] = []

@description('What the resource group may cost a month before people are told; 0: no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the first month the budget counts. Once there is a budget, keep what it has.')
param budgetStart string = utcNow('yyyy-MM-01')

// --- Once in a while ---

@description('Nobody can delete storage and vault until the locks are gone. Takes the role Owner.')
param locked bool = false

@description('Brings back the vault that was deleted with its resource group less than 90 days ago.')
param recoverVault bool = false

@description('Where the app\'s package can be downloaded from, to put it in place with this deployment; empty: deploy it later.')
param packageUri string = ''

// Derived once. The longest, of the vault and the storage account, may have 24 characters; the part after the name is the
// same for every deployment to this resource group and different for any other.
var base = '${toLower(name)}-${take(uniqueString(resourceGroup().id, name), 8)}'
var storageName = replace(base, '-', '')
var place = { location: location, tags: union({ application: name }, tags) }
var reach = { network: network, allowedAddresses: allowedAddresses }
var deploymentContainer = 'package'
var siteUrl = empty(publicUrl) ? 'https://${functionApp.outputs.hostName}' : publicUrl
var clientId = appRegistration.?outputs.clientId ?? existingClientId

module identity 'modules/identity.bicep' = {
  params: { name: base, place: place }
}

module monitoring 'modules/monitoring.bicep' = {
  params: { name: base, place: place, retentionDays: logRetentionDays, dailyLimitGb: dailyLogLimitGb }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    place: place
    reach: reach
    zoneRedundant: zoneRedundant
    deploymentContainer: deploymentContainer
  }
}

module vault 'modules/key-vault.bicep' = {
  params: { name: base, place: place, reach: reach, recover: recoverVault }
}

module roles 'modules/roles.bicep' = {
  params: { identityName: base, storageName: storageName, vaultName: base, insightsName: base }
  dependsOn: [identity, monitoring, storage, vault]
}

module locks 'modules/locks.bicep' = if (locked) {
  params: { storageName: storageName, vaultName: base }
  dependsOn: [roles]
}

module privateNetwork 'modules/private-network.bicep' = if (network == 'private') {
  params: { name: base, place: place, addressPrefix: addressPrefix, storageName: storageName, vaultName: base }
  dependsOn: [storage, vault]
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: base
    place: place
    identityName: base
    storageName: storageName
    deploymentContainer: deploymentContainer
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    warmInstances: warmInstances
    zoneRedundant: zoneRedundant
    subnetId: privateNetwork.?outputs.functionsSubnetId ?? ''
  }
  dependsOn: [identity, roles, storage]
}

// Compiled from app-registration.bicep. It stands between the app, whose host name it needs, and the app's settings,
// which are told its client id.
module appRegistration 'app-registration.json' = if (application == 'create') {
  params: {
    uniqueName: base
    displayName: name
    siteUrl: siteUrl
    signInAudience: signInAudience
    identityPrincipalId: identity.outputs.principalId
    microsoftCloud: microsoftCloud
    grantConsent: grantConsent
    assignedPrincipals: assignedPrincipals
    administrators: administrators
  }
}

module appSettings 'modules/app-settings.bicep' = {
  params: {
    appName: base
    identityName: base
    storageName: storageName
    vaultName: base
    insightsName: base
    publicUrl: siteUrl
    microsoftCloud: microsoftCloud
    clientId: clientId
    isClientKnown: application == 'create' || !empty(existingClientId)
    signInAudience: signInAudience
    credential: credential
    certificateName: certificateName
    smtpServer: smtpServer
    imapServer: imapServer
    webhookPrivateNetworks: webhookPrivateNetworks
    historyDays: historyDays
  }
  dependsOn: [roles]
}

module code 'modules/code.bicep' = if (!empty(packageUri)) {
  params: { appName: base, packageUri: packageUri }
  dependsOn: [appSettings]
}

module diagnostics 'modules/diagnostics.bicep' = {
  params: { storageName: storageName, vaultName: base, appName: base, workspaceName: base }
  dependsOn: [functionApp, monitoring, storage, vault]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    prefix: base
    place: place
    insightsId: monitoring.outputs.insightsId
    storageName: storageName
    emails: alertEmails
  }
  dependsOn: [storage]
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  params: { name: base, amount: monthlyBudget, startDate: budgetStart, emails: alertEmails }
}

@description('Name of the app, to put its code in place.')
output appName string = base

@description('Host name of the app.')
output hostName string = functionApp.outputs.hostName

@description('Where browsers reach it; the console is at /console.')
output siteUrl string = siteUrl

@description('Redirect URIs of the application, platform Web: of mailboxes and of the console. For an existing one: register them there.')
output redirectUris string[] = ['${siteUrl}/microsoft_outlook/confirm', '${siteUrl}/console/signed-in']

@description('Application (client) id, which the app is told of.')
output clientId string = clientId

@description('Object id of the identity: the subject of the federated credential of an existing application.')
output identityPrincipalId string = identity.outputs.principalId

@description('Name of the vault, which has the first admin key a minute after the app first starts.')
output vaultName string = base
