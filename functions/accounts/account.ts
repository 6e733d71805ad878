import type { GatewayEvent } from '../events/event.ts';
import { normalise } from '../shared/address.ts';
import type { Cause } from '../shared/errors.ts';

/** The state of an account, with what to do where it cannot be used. */
export type AccountState = 'not-connected' | 'connected' | 'reauth-required';

/** The Microsoft identity that consented: object and tenant id never change, addresses may. */
export interface Identity {
  readonly objectId: string;
  readonly tenantId: string;
  /** The name shown at sign-in (`preferred_username`); it need not be an address of the mailbox. */
  readonly address: string;
  /** The address Microsoft vouches for beside it. */
  readonly email?: string;
}

/** One mailbox as Postern may use it: by one Microsoft sign-in, whose consent serves sending and receiving, or app-only. */
export interface Account {
  readonly id: string;
  /** The mailbox's address. */
  readonly address: string;
  /** Further names under which its owner may sign in. */
  readonly aliases?: readonly string[];
  readonly kind: 'user' | 'shared';
  /** Who signs in for a shared mailbox. */
  readonly delegate?: string;
  /** The application acts for itself (client credentials), in `tenantId`. Left out: for a person who consented. */
  readonly access?: 'application';
  readonly tenantId?: string;
  readonly state: AccountState;
  readonly identity?: Identity;
  /** The name of the secret that keeps this grant's tokens; a new name for every consent. */
  readonly tokenSecret?: string;
  /** When somebody, of all instances, last set out to keep refreshed tokens there; left out: not since the consent. */
  readonly keptAt?: string;
  /** When the sweep last tried whether the grant still works. */
  readonly triedAt?: string;
  /** Since when it can be used: the consent, or the end of what kept it from being used. */
  readonly connectedAt?: string;
  readonly cause?: Cause;
  /** What happened to it and has not been told to the destinations yet: kept with the change that it tells of. */
  readonly untold?: readonly GatewayEvent[];
  readonly createdAt: string;
}

/** Who is asked to sign in: whoever did it before, else the delegate of a shared mailbox, else the mailbox itself. */
export function signInAddress({ identity, delegate, address }: Account): string {
  return identity?.address ?? delegate ?? address;
}

/** Whether the account names this person: by its address, one of its aliases, or as its delegate. */
export function isNamed(account: Account, { address, email }: Identity): boolean {
  const { address: mailbox, aliases = [], delegate } = account;
  const names = [mailbox, ...aliases, ...(delegate === undefined ? [] : [delegate])].map(normalise);
  return [address, ...(email === undefined ? [] : [email])].some((name) => names.includes(normalise(name)));
}

/** The call that connects an account. */
export function connectPath(id: string): string {
  return `/v1/accounts/${id}/connect`;
}
