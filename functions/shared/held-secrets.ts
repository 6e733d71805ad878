import type { Secret } from './secret.ts';

/**
 * Secrets of the key vault, held in memory for some minutes: while they are in use, the vault is hardly asked. Throws
 * GatewayError `secrets-unavailable`.
 */
export interface HeldSecrets {
  /** The secret as it was at most some minutes ago; undefined when the vault has none of this name. */
  get(name: string): Promise<Secret | undefined>;
  /** After the secret was refused: what the vault has now, when that is another one. */
  getOther(name: string, refused: Secret): Promise<Secret | undefined>;
}
