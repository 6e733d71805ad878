import { normalise, type Mailbox } from '../shared/address.ts';
import type { Planned } from './accepted.ts';
import type { ComposeMime } from './compose-mime.ts';
import type { MessageRequest } from './message-request.ts';

/** The message that a request asks for, as it will be handed over. */
export function composeRequest(
  request: MessageRequest,
  { answer, sender }: Planned,
  composeMime: ComposeMime,
): Promise<Uint8Array> {
  const { to = [], cc = [], subject, text, html, attachments, inReplyTo, references, headers } = request;
  return composeMime({
    messageId: answer.messageId,
    date: new Date(answer.createdAt),
    from: sender.headerFrom,
    to,
    cc,
    replyTo: request.replyTo ?? (sender.replyTo === undefined ? [] : [sender.replyTo]),
    subject,
    text,
    html,
    attachments,
    inReplyTo,
    // RFC 5322 3.6.4: what is answered stands last among the references.
    references: inReplyTo === undefined || references.includes(inReplyTo) ? references : [...references, inReplyTo],
    headers,
  });
}

/** Everybody the message goes to: each address once, as it was first written. */
export function recipientsOf({ to = [], cc = [], bcc = [] }: MessageRequest): string[] {
  const seen = new Map<string, string>();
  for (const { address } of [...to, ...cc, ...bcc] satisfies Mailbox[])
    if (!seen.has(normalise(address))) seen.set(normalise(address), address);
  return [...seen.values()];
}
