import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { Account } from './account.ts';
import type { Confirmed } from './confirm-consent.ts';
import { addOneTime, hashOf, isOver, newWord, type OneTime } from './one-time.ts';

/** What lets a browser see, for 15 minutes, what its sign-in came to: the page has an address without code and state. */
export interface Receipt extends OneTime {
  readonly accountId: string;
  readonly returnTo?: string;
}

/** Where a sign-in that ended well leads. */
export const connectedPath = '/microsoft_outlook/connected';

const lifetime = 15 * 60_000;

/** The path, with its word, of the page that tells of a connected account. */
export async function writeReceipt(
  call: Call,
  { account, ...rest }: Confirmed,
  receipts: Collection<Receipt>,
): Promise<string> {
  const word = newWord();
  const expiresAt = new Date(call.now().getTime() + lifetime).toISOString();
  await addOneTime(receipts, { id: hashOf(word), accountId: account.id, ...rest, expiresAt }, call.now());
  return `${connectedPath}?receipt=${word}`;
}

/** What a receipt tells of; undefined when it is over, or the account is not connected any more. */
export async function readReceipt(
  call: Call,
  word: string,
  { receipts, accounts }: { receipts: Collection<Receipt>; accounts: Collection<Account> },
): Promise<Confirmed | undefined> {
  const receipt = (await receipts.get(hashOf(word)))?.value;
  if (receipt === undefined || isOver(receipt, call.now())) return undefined;
  const account = (await accounts.get(receipt.accountId))?.value;
  if (account?.state !== 'connected') return undefined;
  return { account, ...(receipt.returnTo !== undefined && { returnTo: receipt.returnTo }) };
}
