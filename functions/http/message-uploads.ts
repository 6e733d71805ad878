import * as z from 'zod';
import { acceptUpload, previewUpload, type UploadedMessage } from '../messages/accept-upload.ts';
import type { Accepted } from '../messages/accepted.ts';
import { messageRequest } from '../messages/message-request.ts';
import type { Preview } from '../messages/preview-message.ts';
import { rawMessageQuery } from '../messages/raw-message-query.ts';
import { uploadedForm } from '../messages/uploaded-form.ts';
import { uploadedRaw } from '../messages/uploaded-raw.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';
import { uploadForm, type Answer, type Input } from './endpoint.ts';
import { dryRunQuery, handedOver } from './handed-over.ts';
import { readMessageForm } from './read-message-form.ts';

/** Exchange's largest message. The host's own limit lies above it (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
const bodyLimit = 150 * 1024 * 1024;

/** The forms of a message that are read as they come, for what is too large for JSON. */
export const messageUploads = {
  'multipart/form-data': uploadForm({
    shape: {
      description:
        'First the part `message`, JSON as in the other form but without attachments (at most 2 MiB); then files, each an attachment. A file whose part is named `cid:ID` is shown by the HTML as `cid:ID`; such files come before the others.',
      parts: { message: messageRequest },
    },
    query: z.strictObject(dryRunQuery),
    bodyLimit,
    async run(call, input, services) {
      const { request, files } = await readMessageForm(input.body);
      return take(call, uploadedForm(request, files, services().composeMimeStream), input, services());
    },
  }),
  'message/rfc822': uploadForm({
    shape: {
      description:
        'The message as it is to be sent. A Message-ID and a Date are added where they are missing, Bcc is removed, From is rewritten where it may not be sent as, lines end by CRLF; all else stays as it is.',
    },
    query: rawMessageQuery.extend(dryRunQuery),
    bodyLimit,
    async run(call, input, services) {
      const { dryRun, ...query } = input.query;
      const upload = await uploadedRaw(query, input.body.content, services().openRawMessage);
      return take(call, upload, input, services());
    },
  }),
};

async function take(
  call: Call,
  upload: UploadedMessage,
  { query, header }: Pick<Input<unknown, { readonly dryRun: string }, unknown>, 'query' | 'header'>,
  services: Services,
): Promise<Answer<Accepted | Preview>> {
  if (query.dryRun === 'true') return { status: 200, body: await previewUpload(call, upload, services) };
  return handedOver(call, await acceptUpload(call, upload, header('idempotency-key'), services), header, services);
}
