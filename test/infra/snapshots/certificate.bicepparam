using '../../../infra/main.bicep'

param application = 'existing'
param existingClientId = '22222222-2222-4222-8222-222222222222'
param signInAudience = 'AzureADMultipleOrgs'
param credential = 'certificate'
param certificateName = 'postern-app'
param budgetStart = '2026-11-01'
