@description('Name of the app.')
param appName string

@description('Where the app\'s package (a zip made by `npm run package`) can be downloaded from.')
param packageUri string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName

  resource package 'extensions' = {
    name: 'onedeploy'
    // Missing from the type, not from the service.
    #disable-next-line BCP187
    properties: { packageUri: packageUri, remoteBuild: false }
  }
}
