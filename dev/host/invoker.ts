import { randomBytes, randomUUID } from 'node:crypto';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import type { SendOutputs } from './outputs.ts';
import type { FunctionMetadata, InvocationResponse, RetryContext, TypedData } from './rpc.ts';
import { triggerOf } from './rpc.ts';
import { createUnderWay } from './under-way.ts';
import type { Workers } from './workers.ts';

/** What a trigger hands to its function. */
export interface TriggerData {
  data: TypedData;
  metadata: Record<string, TypedData>;
  traceParent?: string | undefined;
  traceState?: string | undefined;
  retry?: RetryContext | undefined;
}

/** A call under way. */
export interface Invocation {
  readonly id: string;
  /** Where the app's own HTTP server waits for the request of this call, when the app streams. */
  readonly httpUri: string | undefined;
  /** Resolves when the handler has ended and its outputs are sent; rejects when it failed (that is logged already). */
  readonly response: Promise<InvocationResponse>;
}

export interface Invoker {
  start(metadata: FunctionMetadata, trigger: TriggerData): Promise<Invocation>;
  /** The same, to the end. */
  run(metadata: FunctionMetadata, trigger: TriggerData): Promise<InvocationResponse>;
  /** Resolves when no call is under way, after `patience` milliseconds in any case. */
  drain(patience: number): Promise<void>;
}

/** The call ran longer than host.json's functionTimeout allows. */
export class FunctionTimeoutError extends Error {
  override readonly name = 'FunctionTimeoutError';
}

/**
 * Runs functions in the worker. A call past `functionTimeout` (milliseconds) fails with FunctionTimeoutError and has
 * its worker replaced; the other calls of that worker may finish.
 */
export function createInvoker(options: {
  workers: Workers;
  functionTimeout: number;
  sendOutputs: SendOutputs;
  log: Log;
}): Invoker {
  const { workers, functionTimeout, sendOutputs, log } = options;
  const underWay = createUnderWay();

  async function start(metadata: FunctionMetadata, trigger: TriggerData): Promise<Invocation> {
    const worker = await workers.current();
    const id = randomUUID();
    const started = Date.now();
    const finish = async () => {
      const answer = worker.invoke({
        invocationId: id,
        functionId: metadata.name,
        inputData: [{ name: triggerOf(metadata).name, data: trigger.data }],
        triggerMetadata: trigger.metadata,
        traceContext: {
          traceParent:
            trigger.traceParent ?? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
          traceState: trigger.traceState ?? '',
          attributes: {},
        },
        ...(trigger.retry === undefined ? {} : { retryContext: trigger.retry }),
      });
      try {
        const response = await withinLimit(answer, functionTimeout, metadata.name);
        await sendOutputs(metadata, response);
        return response;
      } catch (error) {
        if (error instanceof FunctionTimeoutError) {
          worker.forget(id);
          workers.retire(worker, functionTimeout);
        }
        log('Host', 'error', failureLine(metadata.name, id, Date.now() - started, error));
        throw error;
      }
    };
    const response = finish();
    underWay.add(response);
    return { id, httpUri: worker.httpUri, response };
  }

  return {
    start,
    async run(metadata, trigger) {
      const invocation = await start(metadata, trigger);
      return invocation.response;
    },
    async drain(patience) {
      const left = await underWay.drain(patience);
      if (left > 0) log('Host', 'warning', `${left} calls did not end in time.`);
    },
  };
}

async function withinLimit<T>(promise: Promise<T>, limit: number, name: string): Promise<T> {
  if (limit === Infinity) return promise;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new FunctionTimeoutError(`Functions.${name} ran longer than functionTimeout (${limit} ms).`));
      },
      Math.min(limit, 2 ** 31 - 1),
    );
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

function failureLine(name: string, id: string, duration: number, error: unknown): string {
  const detail = error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error);
  return `Executed 'Functions.${name}' (Failed, Id=${id}, Duration=${duration}ms): ${detail}`;
}
