import type { Cause } from '../shared/errors.ts';

/** The state of an account, with what to do where it cannot be used. */
export type AccountState = 'not-connected' | 'connected' | 'reauth-required';

/** The Microsoft identity that consented: object and tenant id never change, addresses may. */
export interface Identity {
  readonly objectId: string;
  readonly tenantId: string;
  /** The address shown at sign-in. */
  readonly address: string;
}

/** One Microsoft sign-in. Its consent serves sending and receiving. */
export interface Account {
  readonly id: string;
  /** The mailbox's address. */
  readonly address: string;
  readonly kind: 'user' | 'shared';
  /** Who signs in for a shared mailbox. */
  readonly delegate?: string;
  readonly state: AccountState;
  readonly identity?: Identity;
  /** The name of the secret that keeps this grant's tokens; a new name for every consent. */
  readonly tokenSecret?: string;
  readonly connectedAt?: string;
  readonly cause?: Cause;
  readonly createdAt: string;
}

/** The address that must sign in: the mailbox's own, or the delegate's of a shared one. */
export function signInAddress(account: Account): string {
  return account.delegate ?? account.address;
}
