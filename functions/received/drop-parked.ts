import { GatewayError } from '../shared/errors.ts';
import type { RecordQuery, Records } from '../shared/records.ts';
import { asDropped, type ReceivedMessage } from './received-message.ts';

interface Ports {
  readonly received: Records<ReceivedMessage>;
}

/** Which parked mail of a server is dropped: newest first, so much at a time. */
export interface DropQuery extends Pick<RecordQuery, 'since' | 'before' | 'cursor' | 'limit'> {
  readonly incomingServer: string;
}

/**
 * Drops a parked mail that nobody wants: from now on it is kept only as long as its server says.
 * @throws GatewayError `conflict` when it is not parked
 */
export async function dropParked(id: string, { received }: Ports): Promise<ReceivedMessage> {
  const dropped = await received.amend(id, droppedIfParked);
  if (dropped === undefined) throw new GatewayError('conflict', `${id} is not parked.`);
  return dropped;
}

/** Drops one page of a server's parked mail. */
export async function dropMany(
  { incomingServer, ...query }: DropQuery,
  { received }: Ports,
): Promise<{ dropped: number; nextCursor: string | null }> {
  const { data, nextCursor } = await received.list({ ...query, owners: [incomingServer], status: 'parked' });
  let dropped = 0;
  for (const { id } of data) if ((await received.amend(id, droppedIfParked)) !== undefined) dropped++;
  return { dropped, nextCursor };
}

function droppedIfParked(row: ReceivedMessage): { record: ReceivedMessage } | undefined {
  return row.status === 'parked' ? { record: asDropped(row) } : undefined;
}
