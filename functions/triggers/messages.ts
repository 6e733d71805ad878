import * as z from 'zod';
import { endpoint } from '../http/endpoint.ts';
import { register } from '../http/register.ts';
import { listOf, pageQuery } from '../http/resource.ts';
import { acceptedSchema, messageSchema, messageStatusSchema } from '../http/schemas/message-schema.ts';
import { acceptMessage } from '../messages/accept-message.ts';
import { messageRequest } from '../messages/message-request.ts';
import type { Message } from '../messages/message.ts';
import { GatewayError } from '../shared/errors.ts';

const topic = 'Messages';
const bodyLimit = 35 * 1024 * 1024;

export const messageEndpoints = [
  endpoint({
    name: 'sendMessage',
    method: 'POST',
    route: 'v1/messages',
    access: 'messages.send',
    topic,
    summary: 'Hand over a message; repeat safely with Idempotency-Key',
    headers: { 'Idempotency-Key': 'The same key with the same body gives the same answer, and one message.' },
    body: messageRequest,
    bodyLimit,
    status: 202,
    answer: acceptedSchema,
    async run(call, { body, header }, services) {
      const { answer, replayed } = await acceptMessage(call, body, header('idempotency-key'), services());
      return {
        headers: { location: `/v1/messages/${answer.id}`, ...(replayed && { 'idempotent-replayed': 'true' }) },
        body: answer,
      };
    },
  }),
  endpoint({
    name: 'getMessage',
    method: 'GET',
    route: 'v1/messages/{id}',
    access: 'messages.read',
    topic,
    summary: 'What became of a message',
    params: z.strictObject({ id: z.string() }),
    status: 200,
    answer: messageSchema,
    async run(_call, { params: { id } }, services) {
      const message = await services().messages.get(id);
      if (message === undefined) throw new GatewayError('not-found', `There is no message ${id.slice(0, 100)}.`);
      return { body: toView(message) };
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
      outgoingServer: z
        .string()
        .regex(/^out_[0-9a-z]{10}$/, 'must be the id of an outgoing server')
        .optional(),
    }),
    status: 200,
    answer: listOf(messageSchema),
    async run(_call, { query: { outgoingServer, ...query } }, services) {
      const owners =
        outgoingServer === undefined
          ? (await services().outgoingServers.list()).map(({ value }) => value.id)
          : [outgoingServer];
      const { data, nextCursor } = await services().messages.list({ ...query, owners });
      return { body: { data: data.map(toView), nextCursor } };
    },
  }),
];

/** The message without what is ours alone: who handed it over, and whose login it was sent with. */
function toView({ caller, sentBy, retriedAt, ...message }: Message) {
  return message;
}

register(messageEndpoints);
