@description('Name of the budget.')
param name string

@description('What the resource group may cost a month, in the currency of the bill. Nothing is stopped; people are told.')
param amount int

@description('First day of the first month counted, as in 2026-11-01. It cannot be changed afterwards.')
param startDate string

@description('Mail addresses that are told, besides the owners of the subscription.')
param emails string[]

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      mostIsSpent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactRoles: ['Owner']
      }
      moreWillBeSpent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactRoles: ['Owner']
      }
    }
  }
}
