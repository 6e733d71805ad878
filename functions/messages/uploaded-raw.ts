import { createHash } from 'node:crypto';
import { GatewayError } from '../shared/errors.ts';
import type { UploadedMessage } from './accept-upload.ts';
import { fingerprintOf } from './idempotency.ts';
import { maxRecipients, maxRecipientText, type MessageFacts } from './message-request.ts';
import type { RawMessageQuery } from './raw-message-query.ts';
import type { OpenRawMessage, RawMessage } from './raw-message.ts';

/** A message that its caller has written. Its own Message-ID stays. @throws GatewayError `request-invalid` */
export async function uploadedRaw(
  query: RawMessageQuery,
  content: AsyncIterable<Uint8Array>,
  openRawMessage: OpenRawMessage,
): Promise<UploadedMessage> {
  const digest = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      digest.update(chunk);
      yield chunk;
    }
  }
  const source = hashed();
  const raw = await openRawMessage(source);
  return {
    facts: factsOf(raw, query),
    write: ({ answer, sender }) =>
      raw.write({
        messageId: answer.messageId,
        date: new Date(answer.createdAt),
        from: raw.from === undefined || sender.rewritten ? sender.headerFrom : undefined,
        replyTo: sender.replyTo,
      }),
    async skip() {
      while ((await source.next()).done !== true);
    },
    fingerprint: () => fingerprintOf({ query, sha256: digest.copy().digest('hex') }),
  };
}

function factsOf(raw: RawMessage, query: RawMessageQuery): MessageFacts {
  const { messageId, from, to, cc, bcc, replyTo, subject } = raw;
  const named = [...to, ...cc, ...bcc];
  const text = named.reduce((sum, { name = '', address }) => sum + name.length + address.length, 0);
  if (query.envelopeTo === undefined && named.length === 0)
    throw invalid('?envelopeTo', 'is required where To, Cc and Bcc name nobody');
  if (named.length > maxRecipients)
    throw invalid('/to', `To, Cc and Bcc name ${named.length} recipients, more than ${maxRecipients}`);
  if (text > maxRecipientText)
    throw invalid('/to', `To, Cc and Bcc have ${text} characters, more than ${maxRecipientText}`);
  return {
    ...query,
    ...{ messageId, from, subject, metadata: {} },
    ...{ to: [...to], cc: [...cc], bcc: [...bcc], replyTo: replyTo && [...replyTo] },
  };
}

function invalid(pointer: string, detail: string): GatewayError {
  return new GatewayError('request-invalid', `${pointer}: ${detail}`, { data: { errors: [{ pointer, detail }] } });
}
