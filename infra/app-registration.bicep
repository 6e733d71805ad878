// The Entra application through which mailboxes sign in, without a secret: the app's identity is its credential. It is
// compiled to app-registration.json, which main.bicep uses, so that compiling main.bicep needs no registry, and which a
// directory administrator can deploy by itself, with the outputs of a main.bicep that was told application = 'existing'.
extension microsoftGraphV1

metadata description = 'The Entra application of Postern, its service principal, its credential and, where asked for, consent.'

@description('Key of the application within the tenant; it cannot be changed afterwards.')
param uniqueName string

@description('What people read when they sign in.')
param displayName string = 'Postern'

@description('Where browsers reach Postern, as in https://mail.example.com: Microsoft sends them back there after a sign-in.')
param siteUrl string

@description('Whose mailboxes may be connected.')
@allowed(['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount'])
param signInAudience string = 'AzureADMyOrg'

@description('Object id of the managed identity that signs for the application.')
param identityPrincipalId string

@description('The cloud the mailboxes are in.')
@allowed(['global', 'gcc-high', 'dod', 'china'])
param microsoftCloud string = 'global'

@description('Consents for everybody in this tenant, so that nobody is asked. Needs a directory role that may grant.')
param grantConsent bool = false

@description('Object ids of the users and groups that alone may sign in; none: everybody in the tenant.')
param assignedPrincipals string[] = []

@description('Object ids of the users and groups that may open the console.')
param administrators string[] = []

// The audiences of functions/accounts/clouds.ts: what the identity's tokens are made for.
var tokenExchangeAudiences = {
  global: 'api://AzureADTokenExchange'
  'gcc-high': 'api://AzureADTokenExchangeUSGov'
  dod: 'api://AzureADTokenExchangeUSGov'
  china: 'api://AzureADTokenExchangeChina'
}

// The permissions of functions/accounts/app-registration.ts, and what a sign-in and refresh tokens need.
var mailPermissions = ['IMAP.AccessAsUser.All', 'SMTP.Send']
var permissions = concat(mailPermissions, ['email', 'offline_access', 'openid', 'profile'])

// What somebody with an Entra identity may do, as the scopes of functions/access/caller.ts: people open the console.
var roles = [
  { value: 'messages.send', for: ['Application'], says: 'Hand over messages for sending.' }
  { value: 'messages.read', for: ['Application'], says: 'Read messages handed over, and what became of them.' }
  { value: 'received.read', for: ['Application'], says: 'Read received mail.' }
  { value: 'Postern.Admin', for: ['User', 'Application'], says: 'Everything, the set-up and the console included.' }
]

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

// Office 365 Exchange Online. Tokens for the mail servers are tokens for it.
resource exchange 'Microsoft.Graph/servicePrincipals@v1.0' existing = if (grantConsent) {
  appId: '00000002-0000-0ff1-ce00-000000000000'
}

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: signInAudience
  api: { requestedAccessTokenVersion: 2 }
  web: { redirectUris: ['${siteUrl}/microsoft_outlook/confirm', '${siteUrl}/console/signed-in'] }
  requiredResourceAccess: [
    {
      resourceAppId: graph.appId
      // Permissions are numbers; they are looked up by name where they are defined.
      resourceAccess: [
        for permission in permissions: {
          id: filter(graph.oauth2PermissionScopes, scope => scope.value == permission)[0].id
          type: 'Scope'
        }
      ]
    }
  ]
  appRoles: [
    for role in roles: {
      id: guid(uniqueName, role.value)
      value: role.value
      displayName: role.value
      description: role.says
      allowedMemberTypes: role.for
      isEnabled: true
    }
  ]
  // Nobody can add a credential of his own to the application's instances in other tenants.
  servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true }
}

resource credential 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${application.uniqueName}/managed-identity'
  description: 'The managed identity that Postern runs as.'
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: identityPrincipalId
  audiences: [tokenExchangeAudiences[microsoftCloud]]
}

resource servicePrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
  appRoleAssignmentRequired: !empty(assignedPrincipals)
}

resource graphConsent 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = if (grantConsent) {
  clientId: servicePrincipal.id
  consentType: 'AllPrincipals'
  resourceId: graph.id
  scope: join(permissions, ' ')
}

resource exchangeConsent 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = if (grantConsent) {
  clientId: servicePrincipal.id
  consentType: 'AllPrincipals'
  resourceId: exchange!.id
  scope: join(mailPermissions, ' ')
}

resource assignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for principal in assignedPrincipals: {
    // The role of those who have none: may sign in.
    appRoleId: '00000000-0000-0000-0000-000000000000'
    principalId: principal
    resourceId: servicePrincipal.id
  }
]

resource adminAssignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for principal in administrators: {
    appRoleId: guid(uniqueName, 'Postern.Admin')
    principalId: principal
    resourceId: servicePrincipal.id
  }
]

@description('Application (client) id.')
output clientId string = application.appId
