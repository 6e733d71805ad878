import type { Secret } from '../shared/secret.ts';

/** The passwords in the key vault, by the names of their secrets. Throws GatewayError `secrets-unavailable`. */
export interface Passwords {
  /** The password as it was at most some minutes ago; undefined when the vault has none of this name. */
  get(name: string): Promise<Secret | undefined>;
  /** After the password was refused: what the vault has now, when that is another one. */
  getOther(name: string, refused: Secret): Promise<Secret | undefined>;
}
