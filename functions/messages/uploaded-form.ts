import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { UploadedMessage } from './accept-upload.ts';
import type { AttachmentStream, ComposeMimeStream } from './compose-mime.ts';
import { partsOf } from './compose-request.ts';
import { fingerprintOf } from './idempotency.ts';
import type { MessageRequest } from './message-request.ts';

/** A message whose attachments come one after the other. */
export function uploadedForm(
  request: MessageRequest,
  files: AsyncGenerator<AttachmentStream>,
  composeMimeStream: ComposeMimeStream,
): UploadedMessage {
  const digests: object[] = [];

  async function* hashed(): AsyncGenerator<AttachmentStream> {
    for await (const { content, ...fields } of files) {
      const digest = createHash('sha256');
      async function* read(): AsyncGenerator<Uint8Array> {
        for await (const chunk of content as AsyncIterable<Uint8Array>) {
          digest.update(chunk);
          yield chunk;
        }
      }
      yield { ...fields, content: Readable.from(read(), { objectMode: false }) };
      digests.push({ ...fields, sha256: digest.digest('hex') });
    }
  }

  return {
    facts: request,
    write: (planned) => composeMimeStream(partsOf(request, planned), hashed()),
    async skip() {
      for await (const { content } of hashed()) await content.forEach(() => undefined);
    },
    fingerprint: () => fingerprintOf({ request, files: digests }),
  };
}
