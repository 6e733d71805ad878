import type { QueueClient } from '@azure/storage-queue';
import type { QueueSettings } from './host-settings.ts';
import type { TypedData } from './rpc.ts';
import { hasStatus } from './storage.ts';

type Encoding = QueueSettings['messageEncoding'];

/** A message as the queue service hands it out. */
export interface ReceivedMessage {
  messageId: string;
  popReceipt: string;
  messageText: string;
  dequeueCount: number;
  insertedOn: Date;
  expiresOn: Date;
  nextVisibleOn: Date;
}

export function encodeMessage(text: string, encoding: Encoding): string {
  return encoding === 'base64' ? Buffer.from(text, 'utf8').toString('base64') : text;
}

/** Throws when the text is not base64 although host.json says it is. */
export function decodeMessage(text: string, encoding: Encoding): string {
  if (encoding === 'none') return text;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text)
    throw new Error('The message is not base64: see messageEncoding of host.json.');
  return bytes.toString('utf8');
}

/** What the function finds, its first letters in lower case, in context.triggerMetadata. */
export function messageMetadata(message: ReceivedMessage, text: string): Record<string, TypedData> {
  return {
    QueueTrigger: { string: text },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    DequeueCount: { json: JSON.stringify(message.dequeueCount) },
    InsertionTime: { json: JSON.stringify(message.insertedOn) },
    ExpirationTime: { json: JSON.stringify(message.expiresOn) },
    NextVisibleTime: { json: JSON.stringify(message.nextVisibleOn) },
  };
}

/** Puts a message, already encoded, on a queue and creates the queue when it is missing. */
export async function sendEncoded(queue: QueueClient, encoded: string): Promise<void> {
  try {
    await queue.sendMessage(encoded);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    await queue.createIfNotExists();
    await queue.sendMessage(encoded);
  }
}
