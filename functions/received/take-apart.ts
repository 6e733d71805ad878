import { GatewayError } from '../shared/errors.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Room } from '../shared/room.ts';
import type { MailAttachment, MimeParser, ParsedMail } from './parse-mime.ts';

export interface TakeApartPorts {
  readonly rawMail: Pick<RawMail, 'get'>;
  readonly mimeParser: MimeParser;
  readonly room: Room;
}

/** What is in a mail, without the bytes of its attachments. */
export interface MailContent extends Omit<ParsedMail, 'attachments'> {
  readonly attachments: readonly Omit<MailAttachment, 'content'>[];
}

/** Takes kept mail apart, many at a time when they are small. Undefined when the bytes are gone. */
export async function takeApart(
  { blob, size }: { readonly blob: string; readonly size: number },
  { rawMail, mimeParser, room }: TakeApartPorts,
): Promise<ParsedMail | undefined> {
  return room.within(size, async () => {
    const stream = await rawMail.get(blob);
    if (stream === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return mimeParser.parse(Buffer.concat(chunks));
  });
}

/** The bytes are not even asked for: they may have to be decoded first. */
export function contentOf(mail: ParsedMail): MailContent {
  return { ...mail, attachments: mail.attachments.map(described) };
}

function described({ filename, contentType, size, contentId, disposition }: MailAttachment) {
  return { filename, contentType, size, ...(contentId !== undefined && { contentId }), disposition };
}

/** `not-found`: what becomes of a mail whose bytes are not where its row says. */
export function bytesGone(id: string): GatewayError {
  return new GatewayError('not-found', `The bytes of ${id} are gone.`);
}
