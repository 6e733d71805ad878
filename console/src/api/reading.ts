import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ClientPathsWithMethod, MaybeOptionalInit, MethodResponse } from 'openapi-fetch';
import { answer, api } from './client.ts';
import type { paths } from './schema.d.ts';

type GetPath = ClientPathsWithMethod<typeof api, 'get'>;
type Init<P extends GetPath> = MaybeOptionalInit<paths[P], 'get'>;
type Options = { readonly every?: number; readonly isWanted?: boolean };
type ReadOptions<T> = Options & {
  /** Whether nothing more will come of it: then `every` no longer counts. */
  readonly until?: (read: T) => boolean;
};

/** What a GET of this path answers, with its ETag where it came with one. */
export type Answer<P extends GetPath> = MethodResponse<typeof api, 'get', P> & { readonly etag?: string };

/** The things in a list's answer. */
export type Row<P extends GetPath> = Answer<P> extends { data: (infer T)[] } ? T : never;

// The client's own signature, for a path that is not known until it is asked for.
type Get = (path: string, init: object) => Promise<{ data?: unknown; response: Response }>;
const get = api.GET as unknown as Get;

/**
 * What the API says at this path, kept and asked for again after every write, when the window is looked at again, and
 * every so many milliseconds where `every` says, as long as `until` does not hold.
 */
export function useRead<P extends GetPath>(
  path: P,
  init?: Init<P>,
  { every, until, isWanted = true }: ReadOptions<Answer<P>> = {},
): UseQueryResult<Answer<P>> {
  return useQuery<Answer<P>>({
    queryKey: [path, init?.params ?? {}],
    async queryFn({ signal }) {
      const { data, response } = await get(path, { ...init, signal });
      const etag = response.headers.get('etag');
      return { ...(data as Answer<P>), ...(etag !== null && { etag }) };
    },
    enabled: isWanted,
    refetchInterval: ({ state: { data } }) => (data !== undefined && until?.(data) === true ? false : (every ?? false)),
  });
}

export interface List<T> {
  /** Undefined: not there yet. */
  readonly rows: readonly T[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/** A list of the API, page after page; for `<ResourceTable list={...}>`. */
export function useList<P extends GetPath>(
  path: P,
  query: Readonly<Record<string, string | number | undefined>> = {},
  { every, isWanted = true }: Options = {},
): List<Row<P>> {
  const pages = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ signal, pageParam }) =>
      answer(
        get(path, { params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } }, signal }),
      ) as Promise<{
        data: Row<P>[];
        nextCursor: string | null;
      }>,
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isWanted,
    ...(every !== undefined && { refetchInterval: every }),
  });
  return {
    rows: pages.data?.pages.flatMap(({ data }) => data),
    error: pages.error,
    retry: () => void pages.refetch(),
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
  };
}
