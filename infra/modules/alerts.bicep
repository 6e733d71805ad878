import { rules } from 'alert-rules.bicep'
import { place as placeOf } from 'types.bicep'

@description('What every alert\'s name begins with.')
param prefix string

@description('Region and tags.')
param place placeOf

@description('Resource id of the Application Insights component whose telemetry is looked at.')
param insightsId string

@description('Name of the storage account whose queues are looked at.')
param storageName string

@description('Mail addresses that are told; none: alerts are seen in the portal only.')
param emails string[]

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource queues 'queueServices' existing = { name: 'default' }
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: '${prefix}-alerts'
  location: 'global'
  tags: place.tags
  properties: {
    enabled: true
    groupShortName: 'postern'
    emailReceivers: [for email in emails: { name: email, emailAddress: email, useCommonAlertSchema: true }]
  }
}

var actionGroups = empty(emails) ? [] : [group.id]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${prefix}-${rule.name}'
    location: place.location
    tags: place.tags
    kind: 'LogAlert'
    properties: {
      displayName: '${prefix}: ${rule.name}'
      description: rule.says
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: rule.span
      windowSize: rule.span
      autoMitigate: true
      // Before the app has first run there is nothing the query could be checked against.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.few ? 'LessThan' : 'GreaterThan'
            threshold: rule.few ? 1 : 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: actionGroups }
    }
  }
]

// Storage tells how many entries wait, not how old they are, and counts once an hour. Work that is done stays near zero.
resource queueAlert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-queues-grow'
  location: 'global'
  tags: place.tags
  properties: {
    description: 'More than 100 entries wait in the queues: the queue functions do not keep up, or do not run.'
    severity: 2
    enabled: true
    scopes: [storage::queues.id]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'entries'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'QueueMessageCount'
          metricNamespace: 'Microsoft.Storage/storageAccounts/queueServices'
          operator: 'GreaterThan'
          threshold: 100
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [for id in actionGroups: { actionGroupId: id }]
  }
}
