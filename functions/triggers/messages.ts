import * as z from 'zod';
import { endpoint } from '../http/endpoint.ts';
import { dryRunQuery, flag, handedOver, replayedHeader } from '../http/handed-over.ts';
import { messageUploads } from '../http/message-uploads.ts';
import { register } from '../http/register.ts';
import { listOf, pageQuery, searchText } from '../http/resource.ts';
import { batchBody, batchSchema, toBatchItem, toBatchView } from '../http/schemas/batch-schema.ts';
import { idSchema } from '../http/schemas/common-schemas.ts';
import {
  acceptedSchema,
  messageSchema,
  messageStatusSchema,
  previewSchema,
  toMessageView,
} from '../http/schemas/message-schema.ts';
import { acceptBatch } from '../messages/accept-batch.ts';
import { acceptMessage } from '../messages/accept-message.ts';
import { cancelMessage } from '../messages/cancel-message.ts';
import { messageRequest, time } from '../messages/message-request.ts';
import { previewMessage } from '../messages/preview-message.ts';
import { rescheduleMessage } from '../messages/reschedule-message.ts';
import { retryMessage } from '../messages/retry-message.ts';
import { likelySendAt } from '../messages/send-outlook.ts';
import { GatewayError } from '../shared/errors.ts';
import { holds, searchRecords } from '../shared/search-records.ts';

const topic = 'Messages';
const bodyLimit = 35 * 1024 * 1024;
const params = z.strictObject({ id: z.string() });
const idempotency = {
  'Idempotency-Key': 'The same key with the same body gives the same answer, and sends once.',
} as const;

export const messageEndpoints = [
  endpoint({
    name: 'sendMessage',
    method: 'POST',
    route: 'v1/messages',
    access: 'messages.send',
    topic,
    summary: 'Hand over a message; repeat safely with Idempotency-Key',
    headers: {
      ...idempotency,
      Prefer: 'wait=N: hold the answer until the outcome is known, N seconds (up to 30) at most.',
    },
    query: z.strictObject(dryRunQuery),
    body: messageRequest,
    bodyLimit,
    uploads: messageUploads,
    status: 202,
    answer: acceptedSchema,
    others: {
      200: {
        when: 'A dry run: what would become of it; or, with Prefer: wait, sent within that time',
        answer: z.union([previewSchema, acceptedSchema]),
      },
    },
    async run(call, { query: { dryRun }, body, header }, services) {
      if (dryRun === 'true') return { status: 200, body: await previewMessage(call, body, services()) };
      const accepted = await acceptMessage(call, body, header('idempotency-key'), services());
      return handedOver(call, accepted, header, services());
    },
  }),
  endpoint({
    name: 'sendMessages',
    method: 'POST',
    route: 'v1/messages/batch',
    access: 'messages.send',
    topic,
    summary: 'Hand over up to 100 messages, each judged alone',
    headers: idempotency,
    body: batchBody,
    bodyLimit,
    status: 207,
    answer: batchSchema,
    async run(call, { body, header }, services) {
      const batch = { items: body.messages.map(toBatchItem), body };
      const { results, replayed } = await acceptBatch(call, batch, header('idempotency-key'), services());
      return { headers: replayedHeader(replayed), body: toBatchView(results) };
    },
  }),
  endpoint({
    name: 'getMessage',
    method: 'GET',
    route: 'v1/messages/{id}',
    access: 'messages.read',
    topic,
    summary: 'What became of a message',
    params,
    status: 200,
    answer: messageSchema,
    async run(call, { params: { id } }, services) {
      const message = await services().messages.get(id);
      if (message === undefined) throw new GatewayError('not-found', `There is no message ${id.slice(0, 100)}.`);
      const view = toMessageView(message);
      if (view.estimatedSendAt === undefined) return { body: view };
      const waiting = { id, lane: message.priority, dueAt: view.estimatedSendAt };
      const outlook = await services().sendOutlooks.recent(message.outgoingServer, call.now());
      return {
        body: outlook ? { ...view, estimatedSendAt: likelySendAt(outlook, waiting, call.now()).toISOString() } : view,
      };
    },
  }),
  endpoint({
    name: 'rescheduleMessage',
    method: 'PATCH',
    route: 'v1/messages/{id}',
    access: 'messages.send',
    topic,
    summary: 'Set another time for a message that waits',
    params,
    body: z.strictObject({ scheduledAt: time.nullable().describe('Null: now.') }),
    status: 200,
    answer: messageSchema,
    async run(call, { params: { id }, body: { scheduledAt } }, services) {
      return { body: toMessageView(await rescheduleMessage(call, id, scheduledAt, services())) };
    },
  }),
  endpoint({
    name: 'cancelMessage',
    method: 'POST',
    route: 'v1/messages/{id}/cancel',
    access: 'messages.send',
    topic,
    summary: 'Never send a message that waits',
    params,
    status: 200,
    answer: messageSchema,
    async run(call, { params: { id } }, services) {
      return { body: toMessageView(await cancelMessage(call, id, services())) };
    },
  }),
  endpoint({
    name: 'retryMessage',
    method: 'POST',
    route: 'v1/messages/{id}/retry',
    access: 'messages.send',
    topic,
    summary: 'Try a message again for the recipients that no server has accepted',
    params,
    query: z.strictObject({
      evenIfSent: flag.describe('Also one that is unknown, though its recipients may get it twice.'),
    }),
    status: 200,
    answer: messageSchema,
    async run(call, { params: { id }, query }, services) {
      const options = { evenIfSent: query.evenIfSent === 'true' };
      return { body: toMessageView(await retryMessage(call, id, options, services())) };
    },
  }),
  endpoint({
    name: 'listMessages',
    method: 'GET',
    route: 'v1/messages',
    access: 'messages.read',
    topic,
    summary: 'Messages, newest first',
    query: z.strictObject({
      ...pageQuery,
      status: messageStatusSchema.optional(),
      outgoingServer: idSchema('out', 'an outgoing server').optional(),
      tag: z.string().min(1).max(100).optional(),
      q: searchText.describe('In the id, a recipient, the From or the subject.'),
    }),
    status: 200,
    answer: listOf(messageSchema),
    async run(call, { query: { outgoingServer, q, ...query } }, services) {
      const { messages, outgoingServers, removedServers } = services();
      const all = outgoingServer === undefined ? [outgoingServers, removedServers] : [];
      const known = (await Promise.all(all.map((some) => some.list()))).flat().map(({ value }) => value.id);
      const owners = outgoingServer === undefined ? [...new Set(known)] : [outgoingServer];
      const { data, nextCursor } = await (q === undefined
        ? messages.list({ ...query, owners })
        : searchRecords(call, messages, { ...query, owners, text: q }, ({ id, from, envelope, subject }) =>
            holds(q, [id, from, subject, ...envelope.to]),
          ));
      return { body: { data: data.map(toMessageView), nextCursor } };
    },
  }),
];

register(messageEndpoints);
