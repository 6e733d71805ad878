import * as z from 'zod';
import type { Report } from '../../health/report.ts';
import type { Audit } from '../../received/audit.ts';
import { authOf } from '../../servers/authentication.ts';
import { afterFetchOf, type IncomingServer, type IncomingState } from '../../servers/incoming-server.ts';
import type { OutgoingServer, OutgoingState } from '../../servers/outgoing-server.ts';
import { exchangeLimits, limitsOf } from '../../servers/sending-limits.ts';
import { hasControl } from '../../shared/address.ts';
import {
  addressSchema,
  causeSchema,
  encryptionSchema,
  fromFilterSchema,
  hostSchema,
  idSchema,
  nameSchema,
  passwordEncryptionSchema,
  passwordSchema,
  portSchema,
  usernameSchema,
} from './common-schemas.ts';
import { auditSchema } from './audit-schema.ts';
import { reportSchema, toReportView } from './report-schema.ts';
import { loopGuardSchema, rulesSchema, toLoopGuardView, toRulesView } from './rule-schema.ts';

const limitFields = {
  perMinute: z.number().int().min(1).max(10_000).describe('Messages in any 60 seconds.'),
  recipientsPerDay: z.number().int().min(1).max(10_000_000),
  connections: z.number().int().min(1).max(20).describe('Of all outgoing servers of the account together.'),
};
const limitsSchema = z.object(limitFields).describe("Of the mailbox that sends; the defaults are Exchange Online's.");
const limitsBody = z.strictObject({
  perMinute: limitFields.perMinute.default(exchangeLimits.perMinute),
  recipientsPerDay: limitFields.recipientsPerDay.default(exchangeLimits.recipientsPerDay),
  connections: limitFields.connections.default(exchangeLimits.connections),
});
const onUnknownSchema = z
  .enum(['hold', 'retry'])
  .describe('What to do about a message that may have been sent, where Sent Items cannot tell.');

const outgoingFields = {
  name: nameSchema,
  active: z.boolean(),
  priority: z.number().int().min(0).max(1_000_000),
  host: hostSchema,
  port: portSchema,
  fromFilter: fromFilterSchema,
  owner: addressSchema.nullable().describe('A personal server sends for its owner alone. Null: it is shared.'),
  maxMessageSize: z
    .number()
    .int()
    .min(1024)
    .max(1024 ** 3)
    .nullable()
    .describe(
      'Octets of the largest message it takes, as it is sent: larger ones are refused at once. Null: as many as the mail server does.',
    ),
  limits: limitsSchema,
  onUnknown: onUnknownSchema,
};

const newOutgoingFields = {
  ...outgoingFields,
  active: outgoingFields.active.default(true),
  priority: outgoingFields.priority.default(10),
  port: outgoingFields.port.optional(),
  owner: outgoingFields.owner.default(null),
  maxMessageSize: outgoingFields.maxMessageSize.default(null),
  limits: limitsBody.default(exchangeLimits),
  onUnknown: onUnknownSchema.default('hold'),
};

/** How a server logs in; which of the fields there are depends on `auth`. */
const account = idSchema('acc', 'an account');
const authSchema = z.enum(['outlook', 'password']);
const unknownAuth = { error: 'must be outlook or password' };

export const outgoingServerBody = z.discriminatedUnion(
  'auth',
  [
    z.strictObject({
      auth: z.literal('outlook').optional().meta({ default: 'outlook' }),
      ...newOutgoingFields,
      account,
      host: hostSchema.optional(),
      encryption: encryptionSchema.default('starttls'),
      fromFilter: fromFilterSchema
        .optional()
        .describe("Left out: the owner's or else the account's own address. Empty: any From."),
    }),
    z.strictObject({
      auth: z.literal('password'),
      ...newOutgoingFields,
      username: usernameSchema,
      password: passwordSchema,
      encryption: passwordEncryptionSchema.default('starttls'),
      fromFilter: fromFilterSchema
        .optional()
        .describe(
          "Left out: the owner's address or else the username, where that is one, else any From. Empty: any From.",
        ),
    }),
  ],
  unknownAuth,
);

const patchLogin = {
  account: account.describe('With auth "outlook".'),
  username: usernameSchema.describe('With auth "password".'),
  password: passwordSchema,
  encryption: passwordEncryptionSchema,
};

export const outgoingServerPatch = z
  .strictObject({ ...outgoingFields, ...patchLogin, limits: z.strictObject(limitFields) })
  .partial();

export const outgoingServerSchema = z
  .object({
    id: z.string(),
    ...outgoingFields,
    auth: authSchema,
    account: account.optional(),
    username: z.string().optional(),
    encryption: passwordEncryptionSchema,
    createdAt: z.iso.datetime(),
    lastSentAt: z.iso.datetime().optional(),
    lastError: causeSchema.optional(),
    lastTest: reportSchema.optional(),
    pausedUntil: z.iso.datetime().optional(),
  })
  .meta({ id: 'OutgoingServer' });

export function toOutgoingView(
  server: OutgoingServer,
  state: OutgoingState | undefined,
  lastTest: Report | undefined,
): z.output<typeof outgoingServerSchema> {
  const { lastSentAt, lastError, notBefore } = state ?? {};
  const { passwordSecret, ...shown } = server;
  return {
    ...shown,
    fromFilter: [...server.fromFilter],
    owner: server.owner ?? null,
    maxMessageSize: server.maxMessageSize ?? null,
    limits: limitsOf(server),
    onUnknown: server.onUnknown ?? 'hold',
    auth: authOf(server),
    lastSentAt,
    lastError,
    lastTest: toReportView(lastTest),
    pausedUntil: notBefore,
  };
}

const folder = z
  .string()
  .min(1)
  .max(250)
  .refine((text) => !hasControl(text), 'must not contain control characters')
  // RFC 3501 5.1: this one name is the same in any case.
  .overwrite((text) => (text.toUpperCase() === 'INBOX' ? 'INBOX' : text));

const incomingFields = {
  name: nameSchema,
  mailbox: addressSchema,
  host: hostSchema,
  port: portSchema,
  folders: z
    .array(folder)
    .min(1)
    .max(20)
    .refine((folders) => new Set(folders).size === folders.length, 'must not name a folder twice'),
  every: z.number().int().min(1).max(1440),
  since: z.iso
    .datetime({ offset: true, error: 'must be a time, as in 2026-01-31T12:00:00Z' })
    .optional()
    .describe('Folders begin with mail that arrived since then; left out: with what arrives after the confirmation.'),
  keepRawDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .describe('Days after which received mail that was delivered is forgotten here, bytes and all. Null: never.'),
  afterFetch: z
    .union([z.enum(['none', 'seen']), z.strictObject({ move: folder })], {
      error: 'must be none, seen or {"move": "Folder"}',
    })
    .describe('What becomes of a mail in the mailbox once it is kept and its deliveries are queued.'),
  destinations: z.array(idSchema('dst', 'a destination')).max(10).describe('Where mail goes that no rule takes.'),
  rules: rulesSchema,
  loopGuard: loopGuardSchema,
};

const newIncomingFields = {
  ...incomingFields,
  port: incomingFields.port.optional(),
  folders: incomingFields.folders.default(['INBOX']),
  every: incomingFields.every.default(1).describe('Minutes.'),
  keepRawDays: incomingFields.keepRawDays.default(null),
  afterFetch: incomingFields.afterFetch.default('none'),
  destinations: incomingFields.destinations.default([]),
  rules: rulesSchema.default([]),
  loopGuard: loopGuardSchema.default(null),
};

export const incomingServerBody = z.discriminatedUnion(
  'auth',
  [
    z.strictObject({
      auth: z.literal('outlook').optional().meta({ default: 'outlook' }),
      ...newIncomingFields,
      account,
      mailbox: addressSchema.optional().describe("Left out: the account's own."),
      host: hostSchema.optional(),
      encryption: encryptionSchema.default('tls'),
    }),
    z.strictObject({
      auth: z.literal('password'),
      ...newIncomingFields,
      username: usernameSchema.optional().describe('Left out: the mailbox.'),
      password: passwordSchema,
      mailbox: addressSchema.optional().describe('The same as the username.'),
      encryption: passwordEncryptionSchema.default('tls'),
    }),
  ],
  unknownAuth,
);

export const incomingServerPatch = z.strictObject({ ...incomingFields, ...patchLogin }).partial();

export const incomingServerSchema = z
  .object({
    id: z.string(),
    ...incomingFields,
    state: z.enum(['draft', 'confirmed', 'disabled']),
    auth: authSchema,
    account: account.optional(),
    username: z.string().optional(),
    mailbox: z.string(),
    encryption: passwordEncryptionSchema,
    createdAt: z.iso.datetime(),
    lastFetchAt: z.iso.datetime().optional(),
    lastError: causeSchema.optional(),
    lastTest: reportSchema.optional(),
    lastAudit: auditSchema.optional(),
    nextFetchAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'IncomingServer' });

export function toIncomingView(
  server: IncomingServer,
  state: IncomingState | undefined,
  lastTest: Report | undefined,
  lastAudit: Audit | undefined,
): z.output<typeof incomingServerSchema> {
  const { lastFetchAt, lastError, nextFetchAt } = state ?? {};
  const { starts, passwordSecret, untold, confirmedAt, ...shown } = server;
  return {
    ...shown,
    folders: [...server.folders],
    keepRawDays: server.keepRawDays ?? null,
    afterFetch: afterFetchOf(server),
    destinations: [...server.destinations],
    rules: toRulesView(server.rules),
    loopGuard: toLoopGuardView(server.loopGuard),
    auth: authOf(server),
    lastFetchAt,
    lastError,
    lastTest: toReportView(lastTest),
    lastAudit,
    nextFetchAt,
  };
}
