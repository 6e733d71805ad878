import * as z from 'zod';
import type { Collection, Stored } from '../shared/collection.ts';
import { demandMatch } from '../shared/demand-match.ts';
import { GatewayError, type FieldError } from '../shared/errors.ts';
import type { ResourcePrefix } from '../shared/ids.ts';
import type { Page } from '../shared/page.ts';
import type { Answer, Input } from './endpoint.ts';

/** The path of one configured thing. An id of another shape is nothing we have. */
export function idParams(prefix: ResourcePrefix) {
  return z.strictObject({ id: z.string().meta({ examples: [`${prefix}_5k2m0q8rtz`] }) });
}

/** A thing of the collection. @throws GatewayError `not-found` */
export async function require<T>(collection: Pick<Collection<T>, 'get'>, id: string): Promise<Stored<T>> {
  const stored = /^[a-z0-9_.-]{1,253}$/.test(id) ? await collection.get(id) : undefined;
  if (stored === undefined) throw new GatewayError('not-found', `There is no ${id.slice(0, 100)}.`);
  return stored;
}

/** For endpoints whose change can be bound to what was read. */
export const ifMatch = { 'If-Match': 'The ETag of what was read; 412 when it has been changed since.' } as const;

/** The ETag a change is bound to: the caller's where `If-Match` names one, else the one just read. */
export function guardOf(input: Pick<Input<unknown, unknown, unknown>, 'header'>, stored: Stored<unknown>): string {
  demandMatch(input.header('if-match'), stored, 'It was changed since you read it.');
  return stored.etag;
}

/** The answer that shows a whole resource. */
export function shown<V>(body: V, etag: string): Answer<V> {
  return { headers: { etag }, body };
}

/** Removes a thing as it was read. @throws GatewayError `precondition-failed` when it has been changed since */
export async function removeStored(
  collection: Pick<Collection<unknown>, 'remove'>,
  id: string,
  etag: string,
): Promise<void> {
  if (await collection.remove(id, etag)) return;
  throw new GatewayError('precondition-failed', 'It was changed in this moment.', { data: { remedy: 'Try again.' } });
}

/** The answer that shows a list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

const limit = { error: 'must be a whole number from 1 to 200' };
const noCursor = 'must be a cursor from nextCursor';

/** How a long list is paged through. */
export const pageQuery = {
  limit: z.coerce.number(limit).int(limit).min(1, limit).max(200, limit).default(50),
  cursor: z
    .string()
    .regex(/^[0-9a-z]{20}$/, noCursor)
    .optional(),
  since: z.iso.datetime({ offset: true, error: 'must be a time, as in 2026-01-31T12:00:00Z' }).optional(),
};

/** What is looked for in a list. */
export const searchText = z.string().trim().min(1).max(200).optional();

/** How a list of configured things is paged through. They stand in the order of their ids, so an id is the cursor. */
export const listQuery = z.strictObject({
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(/^[a-z0-9_.-]{1,253}$/, noCursor)
    .optional(),
});

/** One page of configured things. `idOf` is what they are ordered by. */
export function pageOf<T>(
  stored: readonly Stored<T>[],
  query: z.output<typeof listQuery>,
  idOf: (value: T) => string,
): Page<T> {
  const { cursor = '' } = query;
  const rest = stored.map(({ value }) => value).filter((value) => idOf(value) > cursor);
  const data = rest.slice(0, query.limit);
  const last = data.at(-1);
  return { data, nextCursor: last === undefined || rest.length === data.length ? null : idOf(last) };
}

/** A reference to something that does not exist is the caller's mistake, told at the field it stands in. */
export function unknownReference(pointer: string, id: string): GatewayError {
  return invalid([unknownAt(pointer, id)]);
}

/** @throws GatewayError `request-invalid` with a pointer to each id that names nothing; the lists stand under their own pointers */
export async function demandReferences(
  lists: Readonly<Record<string, readonly string[]>>,
  collection: Pick<Collection<unknown>, 'get'>,
): Promise<void> {
  const ids = [...new Set(Object.values(lists).flat())];
  const unknown = new Set<string>();
  for (const id of ids) if ((await collection.get(id)) === undefined) unknown.add(id);
  const errors = Object.entries(lists).flatMap(([pointer, list]) =>
    list.flatMap((id, index) => (unknown.has(id) ? unknownAt(`${pointer}/${index}`, id) : [])),
  );
  if (errors.length > 0) throw invalid(errors);
}

function unknownAt(pointer: string, id: string): FieldError {
  return { pointer, detail: `${id} does not exist` };
}

function invalid(errors: readonly FieldError[]): GatewayError {
  const [first] = errors;
  return new GatewayError('request-invalid', `${first?.pointer ?? ''}: ${first?.detail ?? ''}`, { data: { errors } });
}
