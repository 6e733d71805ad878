import * as z from 'zod';
import type { Destination, DestinationState } from '../../events/destination.ts';
import { subscribableEvents } from '../../events/event.ts';
import { causeSchema, lineSchema, nameSchema } from './common-schemas.ts';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2000)
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).hash === ''),
    'must have neither user information nor a fragment',
  );

const odooUrl = url
  .refine((text) => !URL.canParse(text) || new URL(text).search === '', 'must not have a query')
  .transform((text) => text.replace(/\/+$/, ''));

// The identity's token goes there: to Azure Storage in any of its clouds, or to an emulator, which gets none.
const queueUrl = z
  .string()
  .regex(
    /^(?:https:\/\/[a-z0-9]{3,24}\.queue\.(?:core\.windows\.net|core\.usgovcloudapi\.net|core\.chinacloudapi\.cn)|http:\/\/127\.0\.0\.1:\d{1,5}\/devstoreaccount1)\/[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/,
    'must be the URL of a queue, as in https://account.queue.core.windows.net/name',
  );

const event = z.enum(subscribableEvents);
const events = z
  .array(event)
  .max(subscribableEvents.length)
  .refine((types) => new Set(types).size === types.length, 'must not name an event twice')
  .describe('What it is told about, besides the mail of the incoming servers that name it.');

const concurrency = z.number().int().min(1).max(32).describe('Deliveries to it at the same time.');
const login = {
  database: lineSchema.min(1).max(200),
  username: lineSchema.min(1).max(200).describe('The login of the user that takes in mail.'),
  apiKey: z.string().min(1).max(500).describe('Goes to the key vault and is never shown.'),
};
const common = { name: nameSchema, concurrency: concurrency.default(8) };
const everything = events.default([...subscribableEvents]).describe('Left out: everything.');

export const destinationBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), ...common, events: everything, url }),
  z.strictObject({ kind: z.literal('queue'), ...common, events: everything, queueUrl }),
  z.strictObject({
    kind: z.literal('odoo'),
    ...common,
    events: events.max(0, 'Odoo takes mail, and no other events').default([]),
    url: odooUrl.describe("The Odoo server's address, without a path."),
    ...login,
  }),
]);

export const destinationPatch = z
  .strictObject({ name: nameSchema, events, concurrency, url, queueUrl, ...login })
  .extend({ state: z.enum(['active', 'disabled']) })
  .partial();

export const rotateBody = z.strictObject({
  overlapHours: z.number().int().min(0).max(168).default(24).describe('How long the former secret signs as well.'),
});

export const destinationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['webhook', 'queue', 'odoo']),
    name: z.string(),
    events: z.array(event),
    state: z.enum(['active', 'disabled']),
    cause: causeSchema.optional().describe('Why it was disabled, when it was not by hand.'),
    concurrency: z.number(),
    url: z.string().optional(),
    formerSecretUntil: z.iso.datetime().optional().describe('Until then the former signing secret signs as well.'),
    queueUrl: z.string().optional(),
    database: z.string().optional(),
    username: z.string().optional(),
    createdAt: z.iso.datetime(),
    lastDeliveredAt: z.iso.datetime().optional(),
    lastError: causeSchema.optional(),
  })
  .meta({ id: 'Destination' });

const secret = z.string().describe('Verifies the signatures (Standard Webhooks). Shown this once.');
export const newDestinationSchema = destinationSchema
  .extend({ secret: secret.optional() })
  .meta({ id: 'NewDestination' });
export const rotatedSchema = destinationSchema.extend({ secret }).meta({ id: 'RotatedDestination' });

export const destinationTestSchema = z
  .object({ ok: z.boolean(), tookMs: z.number(), cause: causeSchema.optional() })
  .meta({ id: 'DestinationTest' });

export function toDestinationView(destination: Destination, state: DestinationState | undefined) {
  switch (destination.kind) {
    case 'webhook': {
      const { secretName, former, ...webhook } = destination;
      return { ...webhook, ...(former !== undefined && { formerSecretUntil: former.until }), ...state };
    }
    case 'queue':
      return { ...destination, ...state };
    case 'odoo': {
      const { secretName, ...odoo } = destination;
      return { ...odoo, ...state };
    }
  }
}
