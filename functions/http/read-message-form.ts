import type { Readable } from 'node:stream';
import type { AttachmentStream } from '../messages/compose-mime.ts';
import { attachment, messageRequest, mostAttachments, type MessageRequest } from '../messages/message-request.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Upload } from './endpoint.ts';
import { parseJson } from './read-body.ts';
import { readParts, type FormPart } from './read-parts.ts';
import { validate } from './validate.ts';

export interface MessageForm {
  readonly request: MessageRequest;
  /** To be read in their order, each to its end. */
  readonly files: AsyncGenerator<AttachmentStream>;
}

/** Octets of the part that holds the message without its files: it is kept in memory. */
const messageLimit = 2 * 1024 * 1024;
const fileFields = attachment.omit({ content: true });

/**
 * Reads a form that is a message: first the part `message`, JSON as in the other form of the call but without
 * attachments; then files, each an attachment. A file's part may have any name; `cid:ID` makes it what the HTML shows
 * as `cid:ID`. Pointers are those of the JSON form.
 * @throws GatewayError `request-unreadable`, `request-invalid`, `body-too-large`, also while the files are read
 */
export async function readMessageForm({ content, contentType }: Upload): Promise<MessageForm> {
  const parts = readParts(content, contentType);
  const first = await parts.next();
  if (first.done === true || first.value.name !== 'message')
    throw invalid('/message', 'must be the first part of the form');
  const fields = parseJson(await readAll(first.value.content), 'The part message');
  if (typeof fields === 'object' && fields !== null && 'attachments' in fields)
    throw invalid('/attachments', 'must be files of the form, each a part after the message');
  return { request: validate(messageRequest, fields, 'body'), files: filesOf(parts) };
}

async function* filesOf(parts: AsyncGenerator<FormPart>): AsyncGenerator<AttachmentStream> {
  let index = 0;
  for await (const part of parts) {
    if (part.name === 'message') throw invalid('/message', 'must be one part of the form');
    if (index === mostAttachments) throw invalid('/attachments', `must be at most ${mostAttachments} files`);
    if (part.filename === undefined)
      throw invalid(`/${part.name}`, 'is neither the message nor a file: it has no filename');
    yield { ...validate(fileFields, fieldsOf(part), 'body', ['attachments', index]), content: part.content };
    index += 1;
  }
}

function fieldsOf({ name, filename, contentType }: FormPart): Record<string, string> {
  return {
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
    ...(name.startsWith('cid:') && { contentId: name.slice('cid:'.length) }),
  };
}

async function readAll(content: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > messageLimit)
      throw new GatewayError(
        'body-too-large',
        `The part message may have at most ${messageLimit.toLocaleString('en')} octets.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function invalid(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${pointer}: ${detail}`, { data: { errors: [{ pointer, detail }] } });
}
