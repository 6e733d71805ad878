import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import type { Accepted, PlannedItem } from './accepted.ts';
import { isPlanned } from './accepted.ts';
import { demandFits } from './compose-request.ts';
import { demandKey, fingerprintOf, idempotencyIdOf, once, type IdempotencyRecord } from './idempotency.ts';
import { keepMessages, lastKept, type KeepPorts } from './keep-messages.ts';
import type { MessageRequest } from './message-request.ts';
import { createPlanner, type PlanPorts } from './plan-message.ts';

export interface AcceptPorts extends PlanPorts, KeepPorts {
  readonly idempotency: Collection<IdempotencyRecord>;
}

/**
 * Takes a message: when this resolves it is kept, and will be sent or its failure told, whatever crashes.
 * @throws GatewayError `from-not-allowed`, `forbidden`, `request-invalid`, `idempotency-key-reused`, `idempotency-key-in-use`,
 *   `message-too-large`
 */
export async function acceptMessage(
  call: Call,
  request: MessageRequest,
  idempotencyKey: string | undefined,
  ports: AcceptPorts,
): Promise<{ answer: Accepted; replayed: boolean }> {
  const plan = async (): Promise<PlannedItem[]> => {
    const plan = await createPlanner(call, ports)(request);
    await demandFits(request, plan, ports.composeMime);
    return [{ answer: plan.answer, sender: plan.sender }];
  };
  const { items, replayed } = await accept(call, { body: request, requests: [request], plan }, idempotencyKey, ports);
  const [only] = items.filter(isPlanned);
  if (only === undefined) throw new Error('A plan that did not throw has planned the message.');
  return { answer: only.answer, replayed };
}

/** What is to be taken: the body that a repeat is known by, its messages where they are valid, and how to plan them. */
export interface Accepting {
  readonly body: unknown;
  readonly requests: readonly (MessageRequest | undefined)[];
  readonly plan: () => Promise<PlannedItem[]>;
}

/** Plans and keeps messages, once per key where one is given. `replayed`: all was done by an earlier request. */
export async function accept(
  call: Call,
  { body, requests, plan }: Accepting,
  idempotencyKey: string | undefined,
  ports: AcceptPorts,
): Promise<{ items: readonly PlannedItem[]; replayed: boolean }> {
  const { planned: items, isDone } =
    idempotencyKey === undefined ? { planned: await plan(), isDone: false } : await remembered(idempotencyKey);
  const keeping = items.flatMap((planned, index) => {
    const request = requests[index];
    return isPlanned(planned) && request !== undefined ? [{ request, planned }] : [];
  });
  if (!isDone) await keepMessages(call, keeping, ports);
  return { items, replayed: isDone };

  function remembered(key: string): ReturnType<typeof once> {
    demandKey(key);
    const id = { id: idempotencyIdOf(call.caller.id, key), fingerprint: fingerprintOf(body) };
    return once(call, id, plan, ports.idempotency, async (planned) => {
      const last = lastKept(planned.filter(isPlanned));
      return last !== undefined && (await ports.messages.get(last)) !== undefined;
    });
  }
}
