import type { Account } from '../accounts/account.ts';
import { appRegistrationId, type AppRegistration } from '../accounts/app-registration.ts';
import type { Destination, DestinationState } from '../events/destination.ts';
import { likelySendAt } from '../messages/send-outlook.ts';
import { warningShare } from '../messages/mailbox-pace.ts';
import type { Message } from '../messages/message.ts';
import { unused, usageOf, type Pace } from '../messages/pace.ts';
import type { Audit } from '../received/audit.ts';
import type { IncomingServer, IncomingState } from '../servers/incoming-server.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import { limitsOf, sendingMailbox } from '../servers/sending-limits.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, ReadStates, States } from '../shared/collection.ts';
import type { Records } from '../shared/records.ts';
import type { Delivery } from '../events/delivery.ts';

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly accounts: Collection<Account>;
  readonly outgoingServers: Collection<OutgoingServer>;
  readonly outgoingStates: States<OutgoingState>;
  readonly incomingServers: Collection<IncomingServer>;
  readonly incomingStates: ReadStates<IncomingState>;
  readonly audits: ReadStates<Audit>;
  readonly destinations: Collection<Destination>;
  readonly destinationStates: States<DestinationState>;
  readonly messages: Records<Message>;
  readonly deliveries: Records<Delivery>;
  readonly paces: Collection<Pace>;
}

/** Waiting things of each kind that are counted; more are shown as so many. */
const countedAtMost = 1_000;

/** How all that sends, reads and delivers is doing. */
export async function readStatus(call: Call, ports: Ports) {
  const [app, accounts, incoming, incomingStates, audits, destinations, destinationStates] = await Promise.all([
    ports.app.get(appRegistrationId),
    ports.accounts.list(),
    ports.incomingServers.list(),
    ports.incomingStates.list(),
    ports.audits.list(),
    ports.destinations.list(),
    ports.destinationStates.list(),
  ]);
  const accountOf = new Map(accounts.map(({ value }) => [value.id, value]));
  return {
    nextExpiry: app?.value.clientSecrets?.[0]?.expiresAt,
    accounts: accounts.map(({ value: { id, address, state, connectedAt, cause } }) => {
      return { id, address, state, connectedAt, lastError: cause };
    }),
    outgoingServers: await readOutgoing(call.now(), accountOf, ports),
    incomingServers: incoming.map(({ value: { id, name, state } }) => {
      const { lastFetchAt, lastError, nextFetchAt, failures = 0 } = incomingStates.get(id) ?? {};
      const { at, missing = 0 } = audits.get(id) ?? {};
      const lastAudit = at === undefined ? undefined : { at, missing };
      return { id, name, state, isFailing: failures > 0, lastFetchAt, lastError, nextFetchAt, lastAudit };
    }),
    destinations: await Promise.all(
      destinations.map(async ({ value: { id, name, state } }) => {
        const waiting = (await ports.deliveries.waiting(id, countedAtMost)).length;
        const { lastDeliveredAt, lastError } = destinationStates.get(id) ?? {};
        return { id, name, state, waiting, lastDeliveredAt, lastError };
      }),
    ),
  };
}

/** One server after the other: there are few, and each asks for three queues. */
async function readOutgoing(now: Date, accountOf: ReadonlyMap<string, Account>, ports: Ports) {
  const [servers, states] = await Promise.all([ports.outgoingServers.list(), ports.outgoingStates.list()]);
  const shown = [];
  for (const { value: server } of servers) {
    const state = states.get(server.id);
    const pace = (await ports.paces.get(sendingMailbox(server, accountOf.get(server.account ?? ''))))?.value ?? unused;
    const used = usageOf(pace, now.getTime());
    const limits = limitsOf(server);
    const waiting = await ports.messages.waiting(server.id, countedAtMost);
    const [first] = waiting.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
    const until = [state?.notBefore, state?.wakeAt, pace.notBefore].filter((time) => (time ?? '') > now.toISOString());
    shown.push({
      id: server.id,
      name: server.name,
      active: server.active,
      lastSentAt: state?.lastSentAt,
      lastError: state?.lastError ?? pace.cause,
      pausedUntil: until.toSorted().at(-1),
      queued: waiting.length,
      nextSendAt: first && likelySendAt({ limits, state, pace, waiting: [] }, first, now).toISOString(),
      rate: {
        messagesLastMinute: used.messages,
        perMinute: limits.perMinute,
        recipientsLastDay: used.recipients,
        recipientsPerDay: limits.recipientsPerDay,
        isNearlyUsedUp: used.recipients >= warningShare * limits.recipientsPerDay,
      },
    });
  }
  return shown;
}
