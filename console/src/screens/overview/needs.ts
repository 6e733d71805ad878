import type { Answer } from '../../api/reading.ts';
import type { Cause } from '../../parts/cause.tsx';

export type Status = Answer<'/v1/status'>;

/** Something that needs somebody: about which thing, why, and where it is mended. */
export interface Need {
  readonly key: string;
  readonly kind: 'account' | 'outgoing' | 'incoming' | 'incoming-disabled' | 'destination' | 'destination-disabled';
  readonly name: string;
  readonly isUrgent: boolean;
  readonly cause: Cause | undefined;
  readonly to: string;
}

/** What needs somebody, the urgent first. */
export function needsOf({ accounts, outgoingServers, incomingServers, destinations }: Status): readonly Need[] {
  const needs: Need[] = [
    ...accounts
      .filter(({ state }) => state === 'reauth-required')
      .map(({ id, address, lastError }) => need('account', id, address, true, lastError, `/accounts/${id}`)),
    ...outgoingServers
      .filter((server) => isTroubled(server))
      .map(({ id, name, lastError }) => need('outgoing', id, name, true, lastError, `/outgoing-servers/${id}`)),
    ...incomingServers
      .filter(({ state, isFailing }) => state === 'disabled' || (state === 'confirmed' && isFailing))
      .map(({ id, name, state, lastError }) => {
        const kind = state === 'disabled' ? 'incoming-disabled' : 'incoming';
        return need(kind, id, name, state === 'disabled', lastError, `/incoming-servers/${id}`);
      }),
    ...destinations
      .filter((destination) => destination.state === 'disabled' || isUndelivered(destination))
      .map(({ id, name, state, lastError }) => {
        const kind = state === 'disabled' ? 'destination-disabled' : 'destination';
        return need(kind, id, name, state === 'disabled', lastError, `/destinations/${id}`);
      }),
  ];
  return needs.toSorted((one, other) => Number(other.isUrgent) - Number(one.isUrgent));
}

function need(
  kind: Need['kind'],
  key: string,
  name: string,
  isUrgent: boolean,
  cause: Cause | undefined,
  to: string,
): Need {
  return { kind, key, name, isUrgent, cause, to };
}

/** Whether sending last ended with an error of the server, and not with a message taken. */
export function isTroubled({ active, lastError, lastSentAt = '' }: Status['outgoingServers'][number]): boolean {
  return active && lastError !== undefined && lastError.at > lastSentAt;
}

/** Whether the last try to deliver did not work. */
export function isUndelivered({ lastError, lastDeliveredAt = '' }: Status['destinations'][number]): boolean {
  return lastError !== undefined && lastError.at > lastDeliveredAt;
}
