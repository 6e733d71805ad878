import type { Secret } from './secret.ts';

/** The key vault. Names are letters, digits and hyphens; every `set` of a name makes a new version of it. */
export interface SecretStore {
  get(name: string): Promise<{ secret: Secret; setAt: Date } | undefined>;
  set(name: string, secret: Secret): Promise<void>;
  /** Removes a secret, if it is there. Its name must not be used again: a vault keeps deleted secrets for weeks. */
  remove(name: string): Promise<void>;
}
