using '../../../infra/main.bicep'

// Everything that can be asked for, and the longest name.
param name = 'fourteen-chars'
param location = 'westeurope'
param tags = { costCenter: '4711' }
param instanceMemory = 2048
param maximumInstances = 100
param warmInstances = 1
param zoneRedundant = true
param network = 'private'
param allowedAddresses = ['203.0.113.7']
param webhookPrivateNetworks = ['10.1.0.0/16', '10.2.0.0/16']
param historyDays = 90
param publicUrl = 'https://mail.example.com'
param signInAudience = 'AzureADMultipleOrgs'
param grantConsent = true
param assignedPrincipals = ['11111111-1111-4111-8111-111111111111']
param administrators = ['33333333-3333-4333-8333-333333333333']
param locked = true
param alertEmails = ['operator@example.com']
param monthlyBudget = 50
param budgetStart = '2026-11-01'
param packageUri = 'https://example.com/postern.zip'
