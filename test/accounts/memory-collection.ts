import type { Collection, Stored } from '../../functions/shared/collection.ts';
import { GatewayError } from '../../functions/shared/errors.ts';

/** A collection in memory that guards changes by ETags as the tables do, and notes what is done to it. */
export function createMemoryCollection<T>(
  rows: Readonly<Record<string, T>> = {},
  journal: (line: string) => void = () => undefined,
): Collection<T> {
  const stored = new Map<string, Stored<T>>();
  let changes = 0;
  const put = (id: string, value: T): Stored<T> => {
    const entry = { value, etag: `"${(changes += 1)}"` };
    stored.set(id, entry);
    return entry;
  };
  for (const [id, value] of Object.entries(rows)) put(id, value);

  return {
    get: (id) => Promise.resolve(stored.get(id)),
    list: () => Promise.resolve([...stored.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)),
    add: (id, value) => {
      if (stored.has(id)) return Promise.reject(new GatewayError('conflict', id));
      journal(`add ${id}`);
      return Promise.resolve(put(id, value));
    },
    replace: (id, value, etag) => {
      if (stored.get(id)?.etag !== etag) return Promise.reject(new GatewayError('precondition-failed', id));
      journal(`replace ${id}`);
      return Promise.resolve(put(id, value));
    },
    remove: (id, etag) => {
      if (stored.get(id)?.etag !== etag) return Promise.resolve(false);
      journal(`remove ${id}`);
      return Promise.resolve(stored.delete(id));
    },
  };
}
