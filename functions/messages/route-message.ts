import { matchesFilter } from '../servers/from-filter.ts';
import { chooseOutgoingServer, type Choice, type NoChoice } from '../servers/choose-outgoing-server.ts';
import type { MailDomain } from '../servers/mail-domain.ts';
import { nearestServer } from '../servers/nearest-server.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import { rewriteFrom, type Sender } from '../servers/rewrite-from.ts';
import type { Caller } from '../access/caller.ts';
import type { Mailbox } from '../shared/address.ts';
import { GatewayError } from '../shared/errors.ts';

export interface Route extends Sender {
  readonly choice: Choice<OutgoingServer>;
}

/**
 * Which server sends a message of this From, and as whom.
 * @throws GatewayError `from-not-allowed` when no server may send as it, `forbidden` when the caller's key may not,
 *   `request-invalid` when a forced server does not exist, is not active or is somebody else's
 */
export function routeMessage(
  caller: Caller,
  wanted: { readonly from?: Mailbox | undefined; readonly outgoingServer?: string | undefined },
  servers: readonly OutgoingServer[],
  domains: readonly MailDomain[],
): Route {
  const choice = chooseOutgoingServer({ from: wanted.from, servers, domains, forced: wanted.outgoingServer });
  if ('refused' in choice) throw refusal(choice.refused, choice.why);
  // With a notifications address the From gives way to it; without one it would be sent in a name no server was given.
  if (choice.mayBeRefused && choice.notifications === undefined) {
    const { name, fromFilter } = nearestServer(choice.from.address, servers) ?? choice.server;
    throw notAllowed(
      `No outgoing server may send as ${choice.from.address}; the nearest, "${name}", may send as ${fromFilter.join(', ')}.`,
    );
  }
  const sender = rewriteFrom({ from: wanted.from, choice });
  const from = wanted.from?.address ?? sender.headerFrom.address;
  if (caller.from !== undefined && matchesFilter(caller.from, from) === undefined) {
    throw new GatewayError(
      'forbidden',
      `This API key may not send as ${from}; it may send as ${caller.from.join(', ')}.`,
      {
        data: { errors: [{ pointer: '/from', detail: 'is not among the addresses of this API key' }] },
      },
    );
  }
  return { ...sender, choice };
}

function refusal(reason: NoChoice['refused'], why: string): GatewayError {
  if (reason === 'no-active-server' || reason === 'only-personal') return notAllowed(why);
  const pointer = reason === 'from-missing' ? '/from' : '/outgoingServer';
  return new GatewayError('request-invalid', why, { data: { errors: [{ pointer, detail: why }] } });
}

function notAllowed(why: string): GatewayError {
  return new GatewayError('from-not-allowed', why, {
    data: {
      errors: [{ pointer: '/from', detail: why }],
      remedy:
        'Add the address or its domain to the From filter of an outgoing server, or set a notifications address for the domain.',
    },
  });
}
