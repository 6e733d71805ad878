import type { OutgoingState } from '../servers/outgoing-server.ts';
import { isPaused } from '../servers/outgoing-pause.ts';
import { matchesFilter } from '../servers/from-filter.ts';
import { formatMailbox } from '../shared/address.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import type { FieldError } from '../shared/errors.ts';
import type { ComposeMime } from './compose-mime.ts';
import { composeRequest, recipientsOf } from './compose-request.ts';
import type { Envelope } from './mail-sender.ts';
import type { MessageFacts, MessageRequest } from './message-request.ts';
import { createPlanner, type Plan, type PlanPorts } from './plan-message.ts';

/** What a message would become. */
export interface Preview {
  readonly outgoingServer: { readonly id: string; readonly name: string };
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly envelope: Envelope;
  /** Octets of the whole message. */
  readonly size: number;
  readonly estimatedSendAt: string;
  /** Why that server. */
  readonly why: string;
  /** What may not be as it was meant. */
  readonly warnings: readonly FieldError[];
}

/**
 * Does with a message all that accepting does, and keeps nothing.
 * @throws GatewayError `from-not-allowed`, `forbidden`, `request-invalid`
 */
export async function previewMessage(
  call: Call,
  request: MessageRequest,
  ports: PreviewPorts & { composeMime: ComposeMime },
): Promise<Preview> {
  const plan = await createPlanner(call, ports)(request);
  const { byteLength } = await composeRequest(request, plan, ports.composeMime);
  return toPreview(call, request, plan, byteLength, ports);
}

export type PreviewPorts = PlanPorts & { outgoingStates: States<OutgoingState> };

/** Tells what a message would become that is planned and has so many octets. */
export async function toPreview(
  call: Call,
  request: MessageFacts,
  plan: Plan,
  size: number,
  ports: PreviewPorts,
): Promise<Preview> {
  const { answer, sender, route } = plan;
  const { server, why } = route.choice;
  const replyTo = request.replyTo ?? (sender.replyTo === undefined ? [] : [sender.replyTo]);
  const envelope = { from: sender.envelopeFrom, to: recipientsOf(request) };
  return {
    outgoingServer: { id: server.id, name: server.name },
    from: answer.from,
    replyTo: replyTo.map(formatMailbox),
    envelope,
    size,
    estimatedSendAt: answer.estimatedSendAt,
    why,
    warnings: [
      ...fromWarnings(plan, request),
      ...utf8Warnings(envelope),
      ...pauseWarnings(server.name, await ports.outgoingStates.get(server.id), call.now()),
    ],
  };
}

function fromWarnings({ answer, sender, route }: Plan, { from }: MessageFacts): FieldError[] {
  const { choice, headerFrom } = route;
  const warnings: FieldError[] = [];
  if (sender.rewritten && from !== undefined)
    warnings.push({ pointer: '/from', detail: `${formatMailbox(from)} becomes ${answer.from}` });
  if (matchesFilter(choice.server.fromFilter, headerFrom.address) === undefined) {
    const allowed = choice.server.fromFilter.join(', ');
    warnings.push({
      pointer: '/from',
      detail: `"${choice.server.name}" may send as ${allowed}; its mail server may refuse ${headerFrom.address}`,
    });
  }
  return warnings;
}

function utf8Warnings({ from, to }: Envelope): FieldError[] {
  return [from, ...to]
    .filter((address) => !/^\p{ASCII}*@/u.test(address))
    .map((address) => ({ pointer: '', detail: `${address} can be sent only where the mail server has SMTPUTF8` }));
}

function pauseWarnings(name: string, state: OutgoingState | undefined, now: Date): FieldError[] {
  if (state?.notBefore === undefined || !isPaused(state, now)) return [];
  const why = state.lastError === undefined ? '' : `: ${state.lastError.detail}`;
  return [{ pointer: '', detail: `"${name}" waits until ${state.notBefore}${why}` }];
}
