import * as z from 'zod';
import { mailboxSchema } from '../../messages/message-request.ts';
import { authOf } from '../../servers/authentication.ts';
import type { Route } from '../../messages/route-message.ts';
import { formatMailbox } from '../../shared/address.ts';

export const routeBody = z.strictObject({ from: mailboxSchema.optional(), outgoingServer: z.string().optional() });

export const routeSchema = z
  .object({
    outgoingServer: z.object({
      id: z.string(),
      name: z.string(),
      auth: z.enum(['outlook', 'password']),
      username: z.string().optional(),
    }),
    from: z.string().describe('The From the message would carry.'),
    envelopeFrom: z.string(),
    replyTo: z.string().optional().describe('The author, when the From was rewritten.'),
    rewritten: z.boolean(),
    rule: z.string(),
    why: z.string(),
    mayBeRefused: z.boolean().describe("True when the server's From filter does not allow the resulting From."),
    passedOver: z.array(z.object({ id: z.string(), name: z.string(), why: z.string() })),
  })
  .meta({ id: 'Route' });

export function toRouteView({
  choice,
  headerFrom,
  envelopeFrom,
  replyTo,
  rewritten,
}: Route): z.output<typeof routeSchema> {
  const { server, rule, why, mayBeRefused, passedOver } = choice;
  return {
    outgoingServer: { id: server.id, name: server.name, auth: authOf(server), username: server.username },
    from: formatMailbox(headerFrom),
    envelopeFrom,
    replyTo: replyTo && formatMailbox(replyTo),
    rewritten,
    rule,
    why,
    mayBeRefused,
    passedOver: [...passedOver],
  };
}
