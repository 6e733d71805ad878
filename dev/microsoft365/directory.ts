import { createHash } from 'node:crypto';

/** Somebody who can sign in and has a mailbox. */
export interface User {
  address: string;
  name: string;
  /** Further addresses of the same mailbox. */
  aliases?: string[];
  /** What he signs in with (`userPrincipalName`), where that is no address of the mailbox. Left out: the address. */
  signInName?: string;
  /**
   * `replaced`: sent messages get a Message-ID of the server's, and keep their own as `X-Microsoft-Original-Message-ID`,
   * as personal mailboxes (outlook.com) do. Left out: `kept`.
   */
  messageIds?: 'kept' | 'replaced';
  /** `admin-required`: this user may not consent to an application himself. Left out: `user`. */
  consent?: 'user' | 'admin-required';
  /** The app roles an administrator has given him, in every application. */
  roles?: string[];
}

/** A mailbox nobody signs in to. Its members have full access and may send as it. */
export interface SharedMailbox {
  address: string;
  name: string;
  members: string[];
}

/** Who exists in the tenant, and who may do what with which mailbox. Addresses are compared without case. */
export interface Directory {
  users: readonly User[];
  /** The primary addresses of all mailboxes, users first. */
  mailboxes: readonly string[];
  /** The user with this address, alias or sign-in name. */
  user(address: string): User | undefined;
  /** The primary address of the mailbox that receives mail for this address. */
  mailboxOf(address: string): string | undefined;
  /** Whether the tenant receives mail for the domain of this address. */
  isLocal(address: string): boolean;
  mayOpen(user: User, mailbox: string): boolean;
  maySendAs(user: User, from: string): boolean;
}

/** @throws Error when an address is used twice or a shared mailbox has a member that is no user */
export function createDirectory(users: readonly User[], sharedMailboxes: readonly SharedMailbox[]): Directory {
  const usersByAddress = new Map<string, User>();
  const mailboxByAddress = new Map<string, string>();

  const claim = (address: string, mailbox: string) => {
    if (mailboxByAddress.has(key(address))) throw new Error(`The address ${address} is used twice`);
    mailboxByAddress.set(key(address), mailbox);
  };
  for (const user of users) {
    for (const address of [user.address, ...(user.aliases ?? [])]) {
      claim(address, user.address);
      usersByAddress.set(key(address), user);
    }
    if (user.signInName !== undefined) usersByAddress.set(key(user.signInName), user);
  }
  for (const shared of sharedMailboxes) {
    claim(shared.address, shared.address);
    for (const member of shared.members) {
      if (!usersByAddress.has(key(member))) throw new Error(`${member}, a member of ${shared.address}, is no user`);
    }
  }
  const domains = new Set([...mailboxByAddress.keys()].map(domainOf));

  const isMember = (user: User, mailbox: string) =>
    sharedMailboxes.some(
      (shared) =>
        key(shared.address) === key(mailbox) &&
        shared.members.some((member) => usersByAddress.get(key(member)) === user),
    );
  const owns = (user: User, address: string) => usersByAddress.get(key(address)) === user;

  return {
    users,
    mailboxes: [...users, ...sharedMailboxes].map(({ address }) => address),
    user: (address) => usersByAddress.get(key(address)),
    mailboxOf: (address) => mailboxByAddress.get(key(address)),
    isLocal: (address) => domains.has(domainOf(key(address))),
    mayOpen: (user, mailbox) => owns(user, mailbox) || isMember(user, mailbox),
    maySendAs: (user, from) => owns(user, from) || isMember(user, from),
  };
}

/** The object id of a user: made from his address, so that it survives a restart. */
export function objectIdOf(address: string): string {
  const hex = createHash('sha256').update(key(address)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function key(address: string) {
  return address.trim().toLowerCase();
}

function domainOf(address: string) {
  return address.slice(address.lastIndexOf('@') + 1);
}
