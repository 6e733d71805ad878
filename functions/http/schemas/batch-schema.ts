import * as z from 'zod';
import { messageRequest } from '../../messages/message-request.ts';
import { idempotencyKeyPattern } from '../../messages/idempotency.ts';
import type { BatchItem, BatchResult } from '../../messages/accept-batch.ts';
import { GatewayError } from '../../shared/errors.ts';
import { toProblem } from '../problems.ts';
import { validate } from '../validate.ts';
import { acceptedSchema } from './message-schema.ts';
import { problemSchema } from './problem-schema.ts';

const key = z.string().regex(idempotencyKeyPattern, 'must be 1 to 256 printable ASCII characters').optional();
const { $schema, ...requestShape } = z.toJSONSchema(messageRequest, { io: 'input', unrepresentable: 'any' });
const item = {
  ...requestShape,
  properties: {
    ...requestShape.properties,
    idempotencyKey: { type: 'string' as const, maxLength: 256, description: 'For this message alone.' },
  },
};

/** A batch; its messages are judged one by one. */
export const batchBody = z.strictObject({ messages: z.array(z.unknown().meta(item)).min(1).max(100) });

export const batchSchema = z
  .object({
    results: z.array(
      z.object({
        index: z.number(),
        status: z.number().describe('As the answer would have had for this message alone.'),
        message: acceptedSchema.optional(),
        problem: problemSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'BatchResults' });

/** One message of a batch: what is wrong with it is its own affair. */
export function toBatchItem(given: unknown): BatchItem {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const { idempotencyKey, ...message } = isObject ? (given as Record<string, unknown>) : {};
  try {
    const own = validate(z.object({ idempotencyKey: key }), { idempotencyKey }, 'body');
    return { request: validate(messageRequest, isObject ? message : given, 'body'), ...own };
  } catch (thrown) {
    if (thrown instanceof GatewayError) return { request: thrown };
    throw thrown;
  }
}

/** What became of each, with pointers into the body of the batch. */
export function toBatchView(results: readonly BatchResult[]) {
  return {
    results: results.map((result, index) => {
      if ('answer' in result) return { index, status: 202, message: result.answer };
      const problem = toProblem(inBatch(result.error, `/messages/${index}`), '/v1/messages/batch');
      return { index, status: problem.status, problem };
    }),
  };
}

function inBatch({ code, message, data }: GatewayError, place: string): GatewayError {
  const errors = data.errors?.map(({ pointer, detail }) => ({ pointer: `${place}${pointer}`, detail }));
  const detail = message.startsWith('/') ? `${place}${message}` : message;
  return new GatewayError(code, detail, { data: { ...data, ...(errors !== undefined && { errors }) } });
}
