import { normalise } from '../shared/address.ts';
import type { Planned } from './accepted.ts';
import type { ComposeMime, MimeParts } from './compose-mime.ts';
import type { MessageFacts, MessageRequest } from './message-request.ts';
import { demandSize } from './message-size.ts';

/**
 * The message that a request asks for, as it will be handed over.
 * @throws GatewayError `message-too-large`
 */
export async function composeRequest(
  request: MessageRequest,
  planned: Planned,
  composeMime: ComposeMime,
): Promise<Uint8Array> {
  const mime = await composeMime({ ...partsOf(request, planned), attachments: request.attachments });
  demandSize(mime.byteLength, planned);
  return mime;
}

/** More than all headers have, and than any encoding makes of an octet. */
const mostHeaders = 256 * 1024;
const mostGrowth = 4;

/**
 * Answers for a message that it fits its outgoing server, where that server's limit is set. Written for it is only what
 * may be too large.
 * @throws GatewayError `message-too-large`
 */
export async function demandFits(request: MessageRequest, planned: Planned, composeMime: ComposeMime): Promise<void> {
  const { text = '', html = '', attachments } = request;
  const content = attachments.reduce((sum, { content: { byteLength } }) => sum + byteLength, text.length + html.length);
  if (planned.maxSize === undefined || content * mostGrowth + mostHeaders <= planned.maxSize) return;
  await composeRequest(request, planned, composeMime);
}

/** What the message says besides its attachments. */
export function partsOf(request: MessageRequest, { answer, sender }: Planned): Omit<MimeParts, 'attachments'> {
  const { to = [], cc = [], subject, text, html, inReplyTo, references, headers } = request;
  return {
    messageId: answer.messageId,
    date: new Date(answer.createdAt),
    from: sender.headerFrom,
    to,
    cc,
    replyTo: request.replyTo ?? (sender.replyTo === undefined ? [] : [sender.replyTo]),
    subject,
    text,
    html,
    inReplyTo,
    // RFC 5322 3.6.4: what is answered stands last among the references.
    references: inReplyTo === undefined || references.includes(inReplyTo) ? references : [...references, inReplyTo],
    headers,
  };
}

/** Everybody the message goes to: each address once, as it was first written. */
export function recipientsOf({ to = [], cc = [], bcc = [], envelopeTo }: MessageFacts): string[] {
  const seen = new Map<string, string>();
  for (const address of envelopeTo ?? [...to, ...cc, ...bcc].map((one) => one.address))
    if (!seen.has(normalise(address))) seen.set(normalise(address), address);
  return [...seen.values()];
}
