import { GatewayError } from '../shared/errors.ts';
import { destinationsNamed, type IncomingRule } from './incoming-rule.ts';

/** @throws GatewayError `conflict` when one of these servers uses the account */
export function demandUnused(
  accountId: string,
  servers: readonly { readonly id: string; readonly account?: string }[],
): void {
  const users = servers.filter(({ account }) => account === accountId).map(({ id }) => id);
  if (users.length === 0) return;
  throw new GatewayError('conflict', `The account is used by ${users.join(', ')}.`, {
    data: { remedy: 'Remove those servers, or give them another account.' },
  });
}

/** @throws GatewayError `conflict` when one of these servers, or a rule of it, delivers to the destination */
export function demandNotNamed(
  destinationId: string,
  servers: readonly {
    readonly id: string;
    readonly destinations: readonly string[];
    readonly rules?: readonly IncomingRule[];
  }[],
): void {
  const users = servers.filter((server) => destinationsNamed(server).includes(destinationId)).map(({ id }) => id);
  if (users.length === 0) return;
  throw new GatewayError('conflict', `The destination is named by ${users.join(', ')}.`, {
    data: { remedy: 'Take it out of those servers and their rules first.' },
  });
}
