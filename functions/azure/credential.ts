import type { TokenCredential } from '@azure/identity';

/** The identity Postern runs as, made at first use. Everything Azure that is not a connection string is reached with it. */
export function createCredential(clientId: string | undefined): () => Promise<TokenCredential> {
  let credential: Promise<TokenCredential> | undefined;
  return () => {
    credential ??= import('@azure/identity').then(
      ({ ManagedIdentityCredential }) => new ManagedIdentityCredential(clientId === undefined ? {} : { clientId }),
    );
    return credential;
  };
}
