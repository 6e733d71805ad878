/** Who exists in the laptop's Microsoft 365, and the application that is registered there. */
export const laptopTenant = {
  tenantId: '7d6d2f9c-3a55-4b0e-9d3f-0c5f4f0b7a11',
  clientId: '3f1c9a52-86d4-4e57-b1f0-6a2c8d9e0b47',
  clientSecret: 'laptop-client-secret',
  /** Another application, which may call Postern with a token instead of an API key. */
  caller: {
    clientId: 'c2a7e7f4-0d63-4b92-8f5e-51b6f0a9d3c8',
    clientSecrets: ['laptop-caller-secret'],
    name: 'Invoices',
    redirectUris: [],
    roles: ['messages.send', 'messages.read'],
  },
  users: [
    // The one who may open the console.
    { address: 'ada@contoso.example', name: 'Ada Lovelace', roles: ['Postern.Admin'] },
    { address: 'grace@contoso.example', name: 'Grace Hopper' },
    { address: 'notifications@contoso.example', name: 'Contoso' },
    {
      address: 'margaret@contoso.example',
      name: 'Margaret Hamilton',
      signInName: 'mhamilton@corp.contoso.example',
    },
    { address: 'dorothy@contoso.example', name: 'Dorothy Vaughan', messageIds: 'replaced' as const },
    { address: 'katherine@contoso.example', name: 'Katherine Johnson', consent: 'admin-required' as const },
  ],
  sharedMailboxes: [
    {
      address: 'support@contoso.example',
      name: 'Contoso Support',
      members: ['ada@contoso.example', 'grace@contoso.example'],
    },
  ],
};
