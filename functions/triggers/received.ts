import * as z from 'zod';
import type { Caller } from '../access/caller.ts';
import { deliveryIdOf } from '../events/delivery.ts';
import { receivedEvent } from '../events/event.ts';
import { endpoint } from '../http/endpoint.ts';
import { mailPage } from '../http/mail-page.ts';
import { register } from '../http/register.ts';
import { demandReferences, listOf, pageQuery, searchText, unknownReference } from '../http/resource.ts';
import {
  dropManyBody,
  droppedManySchema,
  receivedSchema,
  receivedSummarySchema,
  replayBody,
  replayedManySchema,
  replayedSchema,
  replayManyBody,
} from '../http/schemas/received-schema.ts';
import { dropMany, dropParked } from '../received/drop-parked.ts';
import { openRaw, readAttachment, readHtml, readReceived } from '../received/read-received.ts';
import { replayMany } from '../received/replay-many.ts';
import { replayReceived } from '../received/replay-received.ts';
import { readableServers, requireReceived } from '../received/require-received.ts';
import { receivedStatuses, type ReceivedMessage } from '../received/received-message.ts';
import { imageChoices } from '../received/with-images.ts';
import { holds, searchRecords } from '../shared/search-records.ts';

const topic = 'Received messages';
const access = 'received.read';
const params = z.strictObject({ id: z.string() });

export const receivedEndpoints = [
  endpoint({
    name: 'listReceived',
    method: 'GET',
    route: 'v1/received',
    access,
    topic,
    summary: 'Received messages, newest first',
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(receivedStatuses).optional(),
      incomingServer: z
        .string()
        .regex(/^inc_[0-9a-z]{10}$/, 'must be the id of an incoming server')
        .optional(),
      q: searchText.describe('In the id, the sender, a recipient or the subject.'),
    }),
    status: 200,
    answer: listOf(receivedSummarySchema),
    async run(call, { query: { incomingServer, q, ...query } }, services) {
      const servers = (await services().incomingServers.list()).map(({ value }) => value.id);
      const owners = readableServers(call.caller, incomingServer === undefined ? servers : [incomingServer]);
      const { received } = services();
      const { data, nextCursor } = await (q === undefined
        ? received.list({ ...query, owners })
        : searchRecords(call, received, { ...query, owners, text: q }, ({ id, from, to, subject }) =>
            holds(q, [id, from, subject, ...to]),
          ));
      return { body: { data: data.map(toSummary), nextCursor } };
    },
  }),
  endpoint({
    name: 'getReceived',
    method: 'GET',
    route: 'v1/received/{id}',
    access,
    topic,
    summary: 'One received message with its text, attachments and deliveries',
    params,
    status: 200,
    answer: receivedSchema,
    async run(call, { params: { id } }, services) {
      const row = await requireReceived(call.caller, id, services().received);
      const event = receivedEvent(row.id, new Date(row.fetchedAt));
      const ids = (await services().destinations.list()).map(({ value }) => deliveryIdOf(value.id, event));
      const [view, ...deliveries] = await Promise.all([
        readReceived(row, services()),
        ...ids.map((deliveryId) => services().deliveries.get(deliveryId)),
      ]);
      const body = { ...view, deliveries: deliveries.filter((delivery) => delivery !== undefined) };
      return { body };
    },
  }),
  endpoint({
    name: 'getReceivedRaw',
    method: 'GET',
    route: 'v1/received/{id}/raw',
    access,
    topic,
    summary: 'The exact bytes of a received message',
    params,
    status: 200,
    answer: { contentType: 'message/rfc822' },
    async run(call, { params: { id } }, services) {
      const row = await requireReceived(call.caller, id, services().received);
      const raw = await openRaw(row, services());
      return { headers: { 'content-length': String(row.size), ...asDownload(`${id}.eml`) }, body: raw };
    },
  }),
  endpoint({
    name: 'getReceivedHtml',
    method: 'GET',
    route: 'v1/received/{id}/html',
    access,
    topic,
    summary: 'The HTML of a received message as a page that can do nothing, for a frame',
    params,
    query: z.strictObject({
      images: z.enum(imageChoices).default('own').describe('remote: also those from elsewhere, over https.'),
    }),
    status: 200,
    answer: { contentType: 'text/html; charset=utf-8' },
    async run(call, { params: { id }, query: { images } }, services) {
      const row = await requireReceived(call.caller, id, services().received);
      return mailPage(await readHtml(row, images, services()), images);
    },
  }),
  endpoint({
    name: 'getReceivedAttachment',
    method: 'GET',
    route: 'v1/received/{id}/attachments/{index}',
    access,
    topic,
    summary: 'The bytes of an attachment',
    params: z.strictObject({ id: z.string(), index: z.coerce.number().int().min(0).max(10_000) }),
    status: 200,
    answer: { contentType: 'application/octet-stream' },
    async run(call, { params: { id, index } }, services) {
      const row = await requireReceived(call.caller, id, services().received);
      const { content, contentType, filename } = await readAttachment(row, index, services());
      const isPlain = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; method=[A-Za-z]+)?$/.test(contentType);
      const safe = isPlain ? contentType : 'application/octet-stream';
      return { headers: { 'content-type': safe, ...asDownload(filename) }, body: content };
    },
  }),
  endpoint({
    name: 'replayReceived',
    method: 'POST',
    route: 'v1/received/{id}/replay',
    access: 'admin',
    topic,
    summary: 'Deliver a received message once more; one that was parked or dropped counts as received then',
    params,
    body: replayBody,
    status: 202,
    answer: replayedSchema,
    async run(call, { params: { id }, body: { destinations } }, services) {
      const row = await requireReceived(call.caller, id, services().received);
      await demandReferences({ '/destinations': destinations ?? [] }, services().destinations);
      return { body: await replayReceived(call, row, destinations, services()) };
    },
  }),
  endpoint({
    name: 'replayManyReceived',
    method: 'POST',
    route: 'v1/received/replay',
    access: 'admin',
    topic,
    summary: 'Deliver many received messages of a server once more, newest first, page by page',
    body: replayManyBody,
    status: 202,
    answer: replayedManySchema,
    async run(call, { body }, services) {
      demandReadableServer(call.caller, body.incomingServer);
      await demandReferences({ '/destinations': body.destinations ?? [] }, services().destinations);
      return { body: await replayMany(call, body, services()) };
    },
  }),
  endpoint({
    name: 'dropReceived',
    method: 'POST',
    route: 'v1/received/{id}/drop',
    access: 'admin',
    topic,
    summary: 'Drop a parked message: it is forgotten when the keepRawDays of its server are over',
    params,
    status: 200,
    answer: receivedSummarySchema,
    async run(call, { params: { id } }, services) {
      await requireReceived(call.caller, id, services().received);
      return { body: toSummary(await dropParked(id, services())) };
    },
  }),
  endpoint({
    name: 'dropManyReceived',
    method: 'POST',
    route: 'v1/received/drop',
    access: 'admin',
    topic,
    summary: 'Drop parked messages of a server, newest first, page by page',
    body: dropManyBody,
    status: 200,
    answer: droppedManySchema,
    async run(call, { body }, services) {
      demandReadableServer(call.caller, body.incomingServer);
      return { body: await dropMany(body, services()) };
    },
  }),
];

function demandReadableServer(caller: Caller, id: string): void {
  if (readableServers(caller, [id]).length === 0) throw unknownReference('/incomingServer', id);
}

/** RFC 6266: a name for every client, and the exact one (RFC 8187) for those that know it. A mail is never shown as a page. */
function asDownload(filename: string): Record<string, string> {
  const plain = filename.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
  const exact = encodeURIComponent(filename.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return {
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${exact}`,
    'content-security-policy': "default-src 'none'; sandbox",
  };
}

function toSummary({ uid, uidValidity, blob, destinations, createdAt, answers, ...row }: ReceivedMessage) {
  return { ...row, receivedAt: createdAt };
}

register(receivedEndpoints);
