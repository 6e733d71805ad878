@export()
@description('Names and values that every resource carries, as in { costCenter: \'4711\' }.')
type tags = { *: string }

@export()
@description('The cloud that the mailboxes are in; GCC is in the global one.')
type microsoftCloud = 'global' | 'gcc-high' | 'dod' | 'china'

@export()
@description('What the application proves itself with.')
type credential = 'managed-identity' | 'certificate' | 'client-secret'

@export()
@description('Whether storage and vault are reached over the internet (by identity, always) or from the virtual network only.')
type network = 'public' | 'private'

@export()
@description('Where every resource is, and the tags it carries.')
type place = {
  @description('Azure region.')
  location: string
  tags: tags
}

@export()
@description('Who can reach storage and vault at all.')
type reach = {
  network: network
  @description('Public addresses (IPv4 or CIDR) let in although the network is private.')
  allowedAddresses: string[]
}
