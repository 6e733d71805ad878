// Every parameter with what it does; the values are the defaults of main.bicep. Copy this file, change what you need,
// leave out the rest. Left out here: location (that of the resource group) and budgetStart (this month).
using 'main.bicep'

// What every resource's name begins with: 2 to 14 lower-case letters, digits and single hyphens, a letter first. Another
// name is another Postern: its own vault, storage and mailboxes.
param name = 'postern'

// Put on every resource, beside application = name, for those who sort bills by tags.
param tags = {}

// Memory of an instance in MB: 512, 2048 or 4096. The bill is this times the time instances work. 512 does for polling and
// sending, since mail is streamed; more makes the first answer after a quiet time quicker, for more memory has more CPU.
param instanceMemory = 512

// Instances at most, 40 to 1000 (the service takes no fewer): what a flood of requests can cost.
param maximumInstances = 40

// Instances kept warm for HTTP. Each costs by the hour; 0 costs nothing and makes the first caller wait some seconds.
param warmInstances = 0

// true: storage and instances in three zones of the region, which must have zones. Decide before the first deployment.
param zoneRedundant = false

// 'public': storage and vault can be called from anywhere, by identities that have a role on them and nobody else.
// 'private': from a virtual network of their own only, through private endpoints, which cost by the hour.
param network = 'public'

// Addresses of that virtual network, a /24 or larger. It matters only if you connect it with others.
param addressPrefix = '10.117.0.0/24'

// With a private network, public addresses (IPv4 or CIDR) let in all the same: yours, to read the first admin key.
param allowedAddresses = []

// Private networks (CIDR) that webhooks may reach, also over plain http. By default they reach public addresses only.
param webhookPrivateNetworks = []

// Days after which finished messages and deliveries are forgotten, up to 3650; 0 keeps them for ever. Received mail has days
// of its own: keepRawDays of its incoming server.
param historyDays = 0

// Where browsers reach Postern when it is not the app's own host name, as in 'https://mail.example.com', without a slash
// after it.
param publicUrl = ''

// The cloud the mailboxes are in: 'global' (with GCC), 'gcc-high', 'dod' or 'china'. It decides where people sign in, what is
// asked of them, and the mail servers. An application works in one cloud only.
param microsoftCloud = 'global'

// host:port that new outgoing and incoming servers start with; each server can have another. Empty: those of the cloud.
param smtpServer = ''
param imapServer = ''

// 'create': this deployment makes the Entra application; you need the right to make applications in the tenant (the role
// Application Developer, or Application.ReadWrite.All for a pipeline). 'existing': it has been made by somebody who may.
param application = 'create'

// Its application (client) id, when it exists; empty: it is told later, through PUT /v1/app.
param existingClientId = ''

// Whose mailboxes can be connected: 'AzureADMyOrg' (this tenant's), 'AzureADMultipleOrgs' (any organisation's) or
// 'AzureADandPersonalMicrosoftAccount' (outlook.com too).
param signInAudience = 'AzureADMyOrg'

// What the application proves itself with: 'managed-identity' (nothing to renew), 'certificate' (in the vault, renewed by
// you) or 'client-secret' (told through PUT /v1/app, and exchanged before it ends). An existing application needs the
// federated credential that GET /v1/app shows. For personal accounts take a client secret: see docs/OPERATIONS.md.
param credential = 'managed-identity'

// Name of that certificate in the vault.
param certificateName = ''

// true: consents for everybody in this tenant, now, so that no mailbox owner is asked and none is told to ask an
// administrator. Takes the role Cloud Application Administrator or Privileged Role Administrator.
param grantConsent = false

// Object ids of the users and groups that alone may sign in through the application; [] lets everybody in the tenant.
param assignedPrincipals = []

// Object ids of the users and groups that may open the console: they get the application's role Postern.Admin, and nobody
// else has it. Giving it may take the role Cloud Application Administrator. Without any: an admin key opens the console.
param administrators = []

// Days that logs are kept, 30 to 730. The first 30 are in the price of taking them in.
param logRetentionDays = 30

// Gigabytes of logs a day after which no more are taken until the next day; -1 for no bound. Past it alerts see nothing.
param dailyLogLimitGb = 1

// Mail addresses that alerts and the budget write to. Without any, alerts are seen in the portal only, and the budget tells
// the owners of the subscription.
param alertEmails = []

// What the resource group may cost a month, in the currency of your bill, before people are told; 0 for no budget.
// Nothing is stopped. With one, also set budgetStart ('2026-11-01') and keep it: it cannot be changed later.
param monthlyBudget = 0

// true: storage and vault cannot be deleted, by nobody, until their locks are removed. Takes the role Owner.
param locked = false

// true, once: brings back the vault deleted less than 90 days ago with the resource group of this name. Deploy again
// with false.
param recoverVault = false

// Where the package made by `npm run package` can be downloaded from, to put it in place with this deployment.
param packageUri = ''
