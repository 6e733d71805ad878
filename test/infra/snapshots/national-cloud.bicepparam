using '../../../infra/main.bicep'

param microsoftCloud = 'gcc-high'
param budgetStart = '2026-11-01'
