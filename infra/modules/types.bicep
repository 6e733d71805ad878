@export()
@description('Names and values that every resource carries, as in { costCenter: \'4711\' }.')
type tags = { *: string }

@export()
@description('Whether storage and vault are reached over the internet (by identity, always) or from the virtual network only.')
type network = 'public' | 'private'
