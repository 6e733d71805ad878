import { useState } from 'react';
import { useList, type List, type Row } from '../api/reading.ts';
import { sinceOf } from './periods.ts';
import { useFilters, type Filters } from './use-filters.ts';

/** A list and what it is narrowed by. */
export interface FilteredList<T, N extends string> {
  readonly list: List<T>;
  readonly filters: Filters<N>;
  /** Whether there is anything, as far as what it is narrowed by lets one tell. */
  readonly hasAny: boolean;
}

/**
 * A list that is narrowed, as the address says, by what the API calls so (`names`) and by a period. That counts from when
 * the list was opened: a list does not move under its reader.
 */
export function useFilteredList<P extends '/v1/messages' | '/v1/received' | '/v1/deliveries', N extends string>(
  path: P,
  names: readonly N[],
  { every }: { every: number },
): FilteredList<Row<P>, N | 'period'> {
  const [openedAt] = useState(() => Date.now());
  const filters = useFilters<N | 'period'>([...names, 'period']);
  const { period, ...query } = filters.query;
  const list = useList(path, { ...query, ...sinceOf(period, openedAt) }, { every });
  return { list, filters, hasAny: filters.isSet || (list.rows?.length ?? 0) > 0 };
}
