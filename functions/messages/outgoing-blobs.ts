/** Where the content of messages to send is kept, when it is too large for the table. */
export const outgoingBlobs = 'outgoing/';

/** The name of a message's content, as one of several attempts to write it where there may be more. */
export function blobOf(messageId: string, attempt?: string): string {
  return `${outgoingBlobs}${messageId}${attempt === undefined ? '' : `-${attempt}`}.eml`;
}

/** The id of the message that a blob was written for; undefined when it is none. */
export function messageOf(blob: string): string | undefined {
  return /^outgoing\/(msg_[0-9a-z]+)(?:-[0-9a-z]+)?\.eml$/.exec(blob)?.[1];
}
