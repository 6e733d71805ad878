import { timingSafeEqual } from 'node:crypto';
import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { keyOf } from '../shared/ids.ts';
import { connectPath, type Account } from './account.ts';
import { hashOf, isOver, newWord } from './one-time.ts';

/** A link with which a mailbox's owner starts the sign-in without an API key; an account has one at a time. */
export interface ConnectLink {
  readonly accountId: string;
  /** The SHA-256 of the token in the link. */
  readonly hash: string;
  readonly expiresAt: string;
  /** When a sign-in for the account ended well; the link leads nowhere from then on. */
  readonly usedAt?: string;
}

/** Where links lead. The token stands in the query, which the host of Azure Functions keeps out of its log. */
export const linkPath = '/connect';

interface Ports {
  readonly accounts: Collection<Account>;
  readonly connectLinks: Collection<ConnectLink>;
}

/**
 * Makes the link of an account; the one it had before leads nowhere any more.
 * @throws GatewayError `conflict` for an account nobody signs in for, `precondition-failed` when another was made in the same moment
 */
export async function makeConnectLink(
  call: Call,
  { id: accountId, access, address }: Account,
  hours: number,
  { connectLinks, publicUrl }: Pick<Ports, 'connectLinks'> & { publicUrl: string },
): Promise<{ url: string; expiresAt: string }> {
  if (access === 'application') {
    throw new GatewayError('conflict', `Nobody signs in for ${address}: the application uses it by itself.`, {
      data: { remedy: `Connect it: POST ${connectPath(accountId)}.` },
    });
  }
  const token = keyOf(accountId) + newWord();
  const expiresAt = new Date(call.now().getTime() + hours * 3_600_000).toISOString();
  const link: ConnectLink = { accountId, hash: hashOf(token), expiresAt };
  const former = await connectLinks.get(accountId);
  await (former === undefined ? connectLinks.add(accountId, link) : connectLinks.replace(accountId, link, former.etag));
  return { url: `${publicUrl}${linkPath}?token=${token}`, expiresAt };
}

/** What a link leads to. */
export interface OpenedLink {
  readonly account: Account;
  readonly expiresAt: string;
  /** When it was used; it leads no further then. */
  readonly usedAt?: string;
}

/**
 * Finds what a link leads to. Looking changes nothing, as often as it is done.
 * @throws GatewayError `connect-link-unknown`
 */
export async function openConnectLink(
  call: Call,
  token: string | undefined,
  { accounts, connectLinks }: Ports,
): Promise<OpenedLink> {
  const key = /^([0-9a-z]{10})[\w-]{43}$/.exec(token ?? '')?.[1];
  const link = key === undefined ? undefined : (await connectLinks.get(`acc_${key}`))?.value;
  const isIt = link !== undefined && timingSafeEqual(Buffer.from(link.hash), Buffer.from(hashOf(token ?? '')));
  const account = isIt ? (await accounts.get(link.accountId))?.value : undefined;
  if (!isIt || account === undefined) throw linkOver('This link is unknown, or a newer one has taken its place.');
  if (link.usedAt === undefined && isOver(link, call.now())) throw linkOver('This link is too old.');
  const { expiresAt, usedAt } = link;
  return { account, expiresAt, ...(usedAt !== undefined && { usedAt }) };
}

/** Ends the link of an account after a sign-in that ended well. */
export async function useUpConnectLink(
  call: Call,
  accountId: string,
  connectLinks: Collection<ConnectLink>,
): Promise<void> {
  const stored = await connectLinks.get(accountId);
  if (stored === undefined || stored.value.usedAt !== undefined) return;
  await connectLinks.replace(accountId, { ...stored.value, usedAt: call.now().toISOString() }, stored.etag);
}

/** Ends the link of an account that is about to be removed. */
export async function removeConnectLink(accountId: string, connectLinks: Collection<ConnectLink>): Promise<void> {
  const stored = await connectLinks.get(accountId);
  if (stored !== undefined) await connectLinks.remove(accountId, stored.etag);
}

function linkOver(detail: string): GatewayError {
  return new GatewayError('connect-link-unknown', detail, {
    data: { remedy: 'Ask whoever sent you the link for a new one.' },
  });
}
