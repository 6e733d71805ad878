import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import { accept, acceptMessage, type AcceptPorts } from './accept-message.ts';
import { isPlanned, toError, toRefused, type Accepted, type PlannedItem } from './accepted.ts';
import type { MessageRequest } from './message-request.ts';
import { demandFits } from './compose-request.ts';
import { createPlanner } from './plan-message.ts';

/** One message of a batch: what was asked, or why that is no message, and a key of its own where it has one. */
export interface BatchItem {
  readonly request: MessageRequest | GatewayError;
  readonly idempotencyKey?: string | undefined;
}

export interface Batch {
  readonly items: readonly BatchItem[];
  /** What a repeat is known by. */
  readonly body: unknown;
}

export type BatchResult = { readonly answer: Accepted } | { readonly error: GatewayError };

/**
 * Takes each message of a batch that can be taken, in their order, with few requests to storage: they are planned as one,
 * remembered under one key and kept together. Those with a key of their own are taken one by one.
 * @throws GatewayError `idempotency-key-reused`, `idempotency-key-in-use` for the key of the batch
 */
export async function acceptBatch(
  call: Call,
  { items, body }: Batch,
  idempotencyKey: string | undefined,
  ports: AcceptPorts,
): Promise<{ results: BatchResult[]; replayed: boolean }> {
  const together = items.filter((item) => item.idempotencyKey === undefined);
  const requests = together.map(({ request }) => (request instanceof GatewayError ? undefined : request));
  const plan = () => planAll(call, together, ports);
  const { items: planned, replayed } = await accept(call, { body, requests, plan }, idempotencyKey, ports);
  const resultOf = new Map(together.map((item, index) => [item, toResult(planned[index])]));
  const results: BatchResult[] = [];
  for (const item of items) results.push(resultOf.get(item) ?? (await takeAlone(call, item, ports)));
  return { results, replayed };
}

async function planAll(call: Call, items: readonly BatchItem[], ports: AcceptPorts): Promise<PlannedItem[]> {
  const plan = createPlanner(call, ports);
  const planned: PlannedItem[] = [];
  for (const { request } of items) {
    try {
      if (request instanceof GatewayError) throw request;
      const one = await plan(request);
      await demandFits(request, one, ports.composeMime);
      planned.push({ answer: one.answer, sender: one.sender });
    } catch (thrown) {
      planned.push(toRefused(concernsMessage(thrown)));
    }
  }
  return planned;
}

async function takeAlone(call: Call, { request, idempotencyKey }: BatchItem, ports: AcceptPorts): Promise<BatchResult> {
  try {
    if (request instanceof GatewayError) throw request;
    return { answer: (await acceptMessage(call, request, idempotencyKey, ports)).answer };
  } catch (thrown) {
    return { error: toGatewayError(thrown) };
  }
}

/** A refusal of one message. What went wrong with us meets all of them. */
function concernsMessage(thrown: unknown): GatewayError {
  const error = toGatewayError(thrown);
  if (error.meaning.actor === 'caller') return error;
  throw error;
}

function toResult(item: PlannedItem | undefined): BatchResult {
  if (item === undefined) throw new Error('A message of the batch was not planned.');
  return isPlanned(item) ? { answer: item.answer } : { error: toError(item) };
}
