using '../../../infra/main.bicep'

// Of the day the deployment is made, were it left out.
param budgetStart = '2026-11-01'
