import * as z from 'zod';
import type { Accepted } from '../messages/accepted.ts';
import { awaitOutcome } from '../messages/await-outcome.ts';
import { quotasOf } from '../messages/send-outlook.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';
import type { Answer, Input } from './endpoint.ts';
import { preferredWait } from './prefer.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

/** A switch in the query. */
export const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).default('false');

export const dryRunQuery = { dryRun: flag.describe('Only say what would become of it.') };

/** The answer to whoever has handed over a message, in whatever form: at once, or as late as he prefers. */
export async function handedOver(
  call: Call,
  { answer, replayed }: { readonly answer: Accepted; readonly replayed: boolean },
  header: Input<unknown, unknown, unknown>['header'],
  services: Services,
): Promise<Answer<Accepted>> {
  const { status, headers, body } = await waitFor(call, answer, header('prefer'), services);
  return {
    ...(status !== undefined && { status }),
    headers: {
      location: `/v1/messages/${answer.id}`,
      ...(await limitsLeft(call, answer, services)),
      ...replayedHeader(replayed),
      ...headers,
    },
    body,
  };
}

/** The answer to a message that was taken, as late as the caller prefers. */
async function waitFor(
  call: Call,
  answer: Accepted,
  prefer: string | undefined,
  { messages }: Services,
): Promise<Answer<Accepted>> {
  const seconds = preferredWait(prefer);
  if (seconds === undefined) return { body: answer };
  const message = await awaitOutcome(call, answer.id, seconds, messages);
  return {
    ...(message?.status === 'sent' && { status: 200 }),
    headers: { 'preference-applied': `wait=${seconds}` },
    body: { ...answer, status: message?.status ?? answer.status },
  };
}

/** What is left of the limits of the mailbox that will send. */
async function limitsLeft(
  call: Call,
  { outgoingServer }: Accepted,
  { sendOutlooks }: Services,
): Promise<Record<string, string>> {
  const outlook = await sendOutlooks.recent(outgoingServer, call.now());
  return outlook === undefined ? {} : rateLimitHeaders(quotasOf(outlook, call.now()));
}

/** Tells a repeat from the first. */
export function replayedHeader(replayed: boolean): Record<string, string> {
  return replayed ? { 'idempotent-replayed': 'true' } : {};
}
