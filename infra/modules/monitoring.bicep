import { place as placeOf } from 'types.bicep'

@description('Name of the Log Analytics workspace and of the Application Insights component.')
param name string

@description('Region and tags.')
param place placeOf

@description('Days that logs are kept.')
param retentionDays int

@description('Gigabytes of logs a day after which no more are taken until the next day: a bound on the bill. -1 for none.')
param dailyLimitGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: place.location
  tags: place.tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyLimitGb }
    features: {
      // Logs are written and read by identity only.
      disableLocalAuth: true
      // Who may read a resource may read its logs, and no others.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: place.location
  tags: place.tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The connection string then only says where to; writing takes the role Monitoring Metrics Publisher.
    DisableLocalAuth: true
  }
}

@description('Resource id of the Application Insights component.')
output insightsId string = insights.id
