import * as z from 'zod';
import { isAddressPattern } from '../../servers/address-pattern.ts';
import type { IncomingRule } from '../../servers/incoming-rule.ts';
import type { LoopLimit } from '../../servers/incoming-server.ts';
import { idSchema, lineSchema, nameSchema } from './common-schemas.ts';

const mostRules = 100;
/** Of all rules together as JSON: they are read with their server, at every look at a mailbox. */
const mostCharacters = 100_000;
const mostEntries = 50;

/** One or many; many from here on. */
function oneOrMany<T extends z.ZodType<string>>(entry: T) {
  return z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(entry).min(1).max(mostEntries));
}

const addressPattern = lineSchema
  .toLowerCase()
  .max(254)
  .refine(
    isAddressPattern,
    'must be an address (with * for any letters of its local part), a domain, or *. and a domain',
  );
export const addressPatterns = z.array(addressPattern).max(mostEntries);

const flags = z
  .strictObject({ autoReply: z.boolean(), bounce: z.boolean(), list: z.boolean(), readReceipt: z.boolean() })
  .partial()
  .refine((named) => Object.keys(named).length > 0, 'must name a flag');

const match = z
  .strictObject({
    recipient: oneOrMany(addressPattern).describe(
      'Addresses (`*` in the local part: any letters), domains, or `*.` and a domain. One of these is named in To, Cc, Delivered-To, X-Original-To or the like. A single one needs no list.',
    ),
    sender: oneOrMany(addressPattern).describe('Likewise: one of these is in From.'),
    subject: oneOrMany(z.string().min(1).max(200)).describe(
      'It contains one of these, in any case. A single one needs no list.',
    ),
    flags: flags.describe('Each is so.'),
  })
  .partial()
  .describe('All that is named must hold. Left out or empty: every mail.');

const then = z
  .union(
    [z.enum(['park', 'drop']), z.strictObject({ destinations: z.array(idSchema('dst', 'a destination')).max(10) })],
    {
      error: 'must be park, drop or {"destinations": [...]}',
    },
  )
  .describe(
    'park: kept, and delivered when it is replayed. drop: kept as long as keepRawDays says, and not delivered.',
  );

/** The rules of an incoming server. */
export const rulesSchema = z
  .array(z.strictObject({ name: nameSchema.optional(), match: match.default({}), then }))
  .max(mostRules)
  .refine(
    (rules) => JSON.stringify(rules).length <= mostCharacters,
    `must have at most ${mostCharacters} characters in all`,
  )
  .describe('The first that takes a mail says what becomes of it; one that none takes goes to `destinations`.');

const count = z.number().int().min(1);
const limits = {
  messages: count.max(1000).default(20),
  minutes: count.max(1440).default(120),
  except: addressPatterns.default([]).describe('Senders who may write as much as they like.'),
};
export const loopGuardSchema = z
  .strictObject(limits)
  .nullable()
  .describe(
    'More messages of one sender in so many minutes are parked, and incoming.loop_suspected is told. Null: none.',
  );

/** All lists of destinations that a server's fields hold, by their pointers. */
export function destinationLists(body: {
  readonly destinations?: readonly string[] | undefined;
  readonly rules?: z.output<typeof rulesSchema> | undefined;
}): Record<string, readonly string[]> {
  const ofRules = (body.rules ?? []).flatMap(({ then: outcome }, index) =>
    typeof outcome === 'string' ? [] : [[`/rules/${index}/then/destinations`, outcome.destinations] as const],
  );
  return { '/destinations': body.destinations ?? [], ...Object.fromEntries(ofRules) };
}

/** Rules as they are shown. */
export function toRulesView(rules: readonly IncomingRule[] = []): z.output<typeof rulesSchema> {
  return rules.map(({ name, match: { recipient, sender, subject, flags: wanted }, then: outcome }) => ({
    name,
    match: {
      ...(recipient !== undefined && { recipient: [...recipient] }),
      ...(sender !== undefined && { sender: [...sender] }),
      ...(subject !== undefined && { subject: [...subject] }),
      ...(wanted !== undefined && { flags: wanted }),
    },
    then: typeof outcome === 'string' ? outcome : { destinations: [...outcome.destinations] },
  }));
}

export function toLoopGuardView(limit: LoopLimit | null | undefined): z.output<typeof loopGuardSchema> {
  return limit === null || limit === undefined ? null : { ...limit, except: [...limit.except] };
}
