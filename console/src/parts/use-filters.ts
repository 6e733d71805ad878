import { useState } from 'react';
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

/** How far back a list may be asked to go, and how many hours that is. */
export const periods = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const;
export type Period = keyof typeof periods;

/** When a period that ends now began, for the API; nothing for what is no period: all time. */
export function sinceNow(period: string): { since?: string } {
  return since(period, Date.now());
}

/** The same, counted from when the list was opened: a list does not move under its reader. */
export function useSince(period: string | undefined): { since?: string } {
  const [openedAt] = useState(() => Date.now());
  return since(period, openedAt);
}

function since(period: string | undefined, now: number): { since?: string } {
  if (period === undefined || !(period in periods)) return {};
  return { since: new Date(now - periods[period as Period] * 3_600_000).toISOString() };
}
