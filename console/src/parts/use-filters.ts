import { useSearchParams } from 'wouter';

export interface Filters<N extends string> {
  /** Empty: not narrowed by this. */
  readonly values: Readonly<Record<N, string>>;
  /** Only those that it is narrowed by. */
  readonly query: Readonly<Partial<Record<N, string>>>;
  readonly set: (name: N, value: string) => void;
  readonly isSet: boolean;
  readonly clear: () => void;
}

/** What a list is narrowed by. It stands in the address bar, so that links and the back button find it again. */
export function useFilters<N extends string>(names: readonly N[]): Filters<N> {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as Record<N, string>;
  const query: Partial<Record<N, string>> = {};
  for (const name of names) if (values[name] !== '') query[name] = values[name];
  return {
    values,
    query,
    set(name, value) {
      setParams((before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      });
    },
    isSet: Object.keys(query).length > 0,
    clear() {
      setParams({});
    },
  };
}
