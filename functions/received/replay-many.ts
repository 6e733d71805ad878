import type { Call } from '../shared/call.ts';
import type { RecordQuery } from '../shared/records.ts';
import { wasRead, type ReceivedStatus } from './received-message.ts';
import { nowhere, replayRoutes, replayTo, type ReplayPorts } from './replay-received.ts';

/** Which mail of a server is delivered again: newest first, so much at a time. */
export interface ReplayQuery extends Pick<RecordQuery, 'since' | 'before' | 'cursor' | 'limit'> {
  readonly incomingServer: string;
  readonly status: ReceivedStatus;
  /** Left out: where each went, or should have gone, before. */
  readonly destinations?: readonly string[] | undefined;
}

export interface Replayed {
  readonly replayed: number;
  /** Mail that was never read: it cannot be delivered. */
  readonly unreadable: number;
  readonly nextCursor: string | null;
}

/**
 * Delivers one page of a server's mail once more (see replayReceived).
 * @throws GatewayError `conflict` when there is nowhere to deliver some of it: then none of the page is delivered
 */
export async function replayMany(
  call: Call,
  { incomingServer, destinations: wanted, ...query }: ReplayQuery,
  ports: ReplayPorts,
): Promise<Replayed> {
  const routeOf = await replayRoutes(incomingServer, wanted, ports);
  const { data, nextCursor } = await ports.received.list({ ...query, owners: [incomingServer] });
  const rows = data.filter(wasRead);
  if (rows.some((row) => routeOf(row).length === 0)) throw nowhere(incomingServer);
  const groups = Map.groupBy(rows, (row) => routeOf(row).join());
  for (const [to, group] of groups) await replayTo(call, group, to.split(','), ports);
  return { replayed: rows.length, unreadable: data.length - rows.length, nextCursor };
}
