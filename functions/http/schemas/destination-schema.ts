import * as z from 'zod';
import type { Destination, DestinationState } from '../../events/destination.ts';
import { subscribableEvents } from '../../events/event.ts';
import { causeSchema, nameSchema } from './common-schemas.ts';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2000)
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).hash === ''),
    'must have neither user information nor a fragment',
  );

const events = z
  .array(z.enum(subscribableEvents))
  .max(subscribableEvents.length)
  .refine((types) => new Set(types).size === types.length, 'must not name an event twice')
  .describe('What it is told about, besides the mail of the incoming servers that name it.');

export const destinationBody = z.strictObject({
  kind: z.literal('webhook'),
  name: nameSchema,
  url,
  events: events.default([...subscribableEvents]).describe('Left out: everything.'),
});
export const destinationPatch = z.strictObject({ name: nameSchema, url, events }).partial();

export const destinationSchema = z
  .object({
    id: z.string(),
    kind: z.literal('webhook'),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(subscribableEvents)),
    createdAt: z.iso.datetime(),
    lastDeliveredAt: z.iso.datetime().optional(),
    lastError: causeSchema.optional(),
  })
  .meta({ id: 'Destination' });

export const newDestinationSchema = destinationSchema
  .extend({ secret: z.string().describe('Verifies the signatures (Standard Webhooks). Shown this once.') })
  .meta({ id: 'NewDestination' });

export function toDestinationView({ secretName, ...destination }: Destination, state: DestinationState | undefined) {
  return { ...destination, ...state };
}
