using '../../../infra/main.bicep'

// Somebody else makes the application, and tells Postern through the API.
param application = 'existing'
param credential = 'client-secret'
param budgetStart = '2026-11-01'
