import { badParameter } from './vault-error.ts';

const maxPage = 25;

/** One page of a list and where the next one is. */
export interface Page<Item> {
  value: Item[];
  nextLink: string | null;
}

/**
 * The page that the address of a request asks for: at most `maxresults` (1 to 25), after `$skiptoken`.
 * The token is the key of the last item seen, so that nothing is skipped when items come and go in between.
 */
export function pageOf<Item extends { id?: string }>(items: Item[], address: URL): Page<Item> {
  const asked = address.searchParams.get('maxresults');
  const size = asked === null ? maxPage : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > maxPage) {
    throw badParameter(`maxresults must be between 1 and ${maxPage}.`);
  }
  const after = Buffer.from(address.searchParams.get('$skiptoken') ?? '', 'base64url').toString();
  const rest = items
    .map((item) => ({ item, key: item.id ?? '' }))
    .filter(({ key }) => key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const value = page.map(({ item }) => item);
  if (!last || page.length === rest.length) return { value, nextLink: null };
  const next = new URL(address);
  next.searchParams.set('$skiptoken', Buffer.from(last.key).toString('base64url'));
  return { value, nextLink: next.href };
}
