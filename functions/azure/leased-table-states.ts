import type { LeasedStates } from '../shared/lease.ts';
import { joinChanges } from './join-changes.ts';
import { takeLeaseRow } from './lease-row.ts';
import { fromRow, toRow } from './row.ts';
import { rowsAmong } from './rows-among.ts';
import type { Entity, Table } from './tables.ts';

/** States kept in one partition of a table, each in one row with its lease: taking it is one request, keeping the state and giving it back another. */
export function createLeasedTableStates<T>(whole: Table, partitionKey: string): LeasedStates<T> {
  const table = joinChanges(whole);
  /** A row may have had a lease before it had a state. */
  const stateOf = (entity: Entity | undefined): T | undefined =>
    entity?.['pieces'] === undefined ? undefined : (fromRow(entity) as T);
  const columns = (state: T | undefined) => (state === undefined ? {} : toRow(state));

  return {
    async get(id) {
      return stateOf(await table.get(partitionKey, id));
    },

    async list() {
      const states = new Map<string, T>();
      for (const entity of await table.query(`PartitionKey eq '${partitionKey}'`)) {
        const state = stateOf(entity);
        if (state !== undefined) states.set(String(entity.rowKey), state);
      }
      return states;
    },

    async among(ids) {
      const rows = await rowsAmong(table, partitionKey, ids);
      return new Map([...rows].map(([id, entity]) => [id, { state: stateOf(entity), mark: entity }]));
    },

    async take(rowKey, seen) {
      const taken = await takeLeaseRow(table, { partitionKey, rowKey }, seen?.mark as Entity | undefined);
      if (taken === undefined) return undefined;
      const { row, found } = taken;
      return {
        signal: row.signal,
        state: stateOf(found),
        keep: (state) => row.keep(columns(state)),
        release: (state) => row.release(columns(state)),
        drop: (state) => row.drop(columns(state)),
      };
    },
  };
}
