import { asciiDomain, type MailDomain } from '../servers/mail-domain.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import { domainOf, formatMailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Recent, Stored } from '../shared/collection.ts';
import { randomKey, recordId } from '../shared/ids.ts';
import type { Planned } from './accepted.ts';
import type { MessageFacts } from './message-request.ts';
import { demandTimes } from './message-times.ts';
import { withReturnPath } from './return-path.ts';
import { routeMessage, type Route } from './route-message.ts';
import type { SendOutlooks } from './send-outlook.ts';

export interface PlanPorts {
  readonly outgoingServers: Collection<OutgoingServer> & Recent<OutgoingServer>;
  readonly domains: Collection<MailDomain> & Recent<MailDomain>;
  readonly sendOutlooks: SendOutlooks;
}

export interface Plan extends Planned {
  readonly route: Route;
}

/**
 * Plans the messages of one request, each a moment after the one before, for their order is that of the moments.
 * The planner throws GatewayError `from-not-allowed`, `forbidden`, `request-invalid`.
 */
export function createPlanner(call: Call, ports: PlanPorts): (request: MessageFacts) => Promise<Plan> {
  let setUp: ReturnType<typeof read> | undefined;
  let isFresh = false;
  let planned = 0;

  async function read(how: <T>(things: Collection<T> & Recent<T>) => Promise<Stored<T>[]>) {
    const [servers, domains] = await Promise.all([how(ports.outgoingServers), how(ports.domains)]);
    return { servers: servers.map(({ value }) => value), domains: domains.map(({ value }) => value) };
  }

  async function route(request: MessageFacts): Promise<Route> {
    setUp ??= read((things) => things.recent());
    try {
      const { servers, domains } = await setUp;
      return withReturnPath(routeMessage(call.caller, request, servers, domains), request.envelopeFrom, call.caller);
    } catch (refusal) {
      if (isFresh) throw refusal;
      // What was missing may have been set up a moment ago, through another instance.
      isFresh = true;
      setUp = read((things) => things.list());
      return route(request);
    }
  }

  return async (request) => {
    const now = new Date(call.now().getTime() + planned);
    demandTimes(request, now);
    const found = await route(request);
    planned += 1;
    const { choice, ...sender } = found;
    const id = recordId('msg', choice.server.id, now, randomKey());
    const createdAt = now.toISOString();
    const waiting = { id, lane: request.priority, dueAt: request.scheduledAt ?? createdAt };
    const estimate = await ports.sendOutlooks.estimate(choice.server.id, waiting, now);
    return {
      answer: {
        id,
        status: request.scheduledAt === undefined ? 'queued' : 'scheduled',
        messageId: request.messageId ?? `<${id}@${asciiDomain(domainOf(sender.headerFrom.address))}>`,
        from: formatMailbox(sender.headerFrom),
        outgoingServer: choice.server.id,
        estimatedSendAt: estimate.toISOString(),
        createdAt,
      },
      sender,
      maxSize: choice.server.maxMessageSize ?? undefined,
      route: found,
    };
  };
}
