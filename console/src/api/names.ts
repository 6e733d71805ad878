import { useRead } from './reading.ts';

export interface Names {
  /** The name people gave to the thing with this id; of one that is gone, the id. */
  readonly of: (id: string) => string;
  /** For fields and filters. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Where things stand that people gave names to. */
export type NamedPath = '/v1/outgoing-servers' | '/v1/incoming-servers' | '/v1/destinations';

/** What the configured things of a kind are called. */
export function useNames(path: NamedPath): Names {
  const { data } = useRead(path, { params: { query: { limit: 200 } } });
  const all: readonly { id: string; name: string }[] = data?.data ?? [];
  return {
    of: (id) => all.find((each) => each.id === id)?.name ?? id,
    options: all.map(({ id, name }) => ({ value: id, label: name })),
  };
}
