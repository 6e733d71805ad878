/** Something in the tenant that is not as it should be. */
export type Circumstance =
  // Exchange Online
  | 'smtp auth off'
  | 'imap off'
  | 'no licence'
  | 'no full access'
  | 'may not send as'
  | 'security defaults'
  | 'conditional access'
  | 'no connections left'
  // Entra ID
  | 'user disabled'
  | 'not assigned'
  | 'second factor missing'
  | 'sign-in name changed'
  | 'application disabled'
  | 'application absent'
  | 'secret expired'
  // the tokens Entra makes
  | 'token for Graph'
  | 'token without SMTP.Send'
  | 'token without IMAP.AccessAsUser.All';

/** What holds in the tenant at this moment, for everybody or for one address. */
export interface Circumstances {
  /** @param address only of this user or mailbox; left out: for everybody */
  begin(circumstance: Circumstance, address?: string): void;
  end(circumstance: Circumstance, address?: string): void;
  /** Whether it holds for everybody, or for one of these addresses. */
  hold(circumstance: Circumstance, ...addresses: (string | undefined)[]): boolean;
  /** Whether it holds for everybody. */
  holdForAll(circumstance: Circumstance): boolean;
}

export function createCircumstances(): Circumstances {
  const holding = new Set<string>();
  const key = (circumstance: Circumstance, address = '*') => `${circumstance} ${address.toLowerCase()}`;
  const holdForAll = (circumstance: Circumstance) => holding.has(key(circumstance));
  return {
    begin: (circumstance, address) => void holding.add(key(circumstance, address)),
    end: (circumstance, address) => void holding.delete(key(circumstance, address)),
    hold: (circumstance, ...addresses) =>
      holdForAll(circumstance) ||
      addresses.some((address) => address !== undefined && holding.has(key(circumstance, address))),
    holdForAll,
  };
}
