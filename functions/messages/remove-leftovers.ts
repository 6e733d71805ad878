import type { Call } from '../shared/call.ts';
import type { RawMail, RawMailList } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { Message } from './message.ts';
import { messageOf, outgoingBlobs } from './outgoing-blobs.ts';

interface Ports {
  readonly rawMail: RawMail & RawMailList;
  readonly messages: Records<Message>;
}

const day = 24 * 60 * 60_000;
/** Blobs of this age belong to messages that wait for long, or to none: there are few of them. */
const mostLookedAt = 2_000;

/**
 * Removes contents that no message has: a process died before the message was kept, or before what was finished was
 * removed. A day after they were written nobody is about to use them.
 */
export async function removeLeftovers(call: Call, { rawMail, messages }: Ports): Promise<void> {
  let looked = 0;
  for await (const blob of rawMail.olderThan(outgoingBlobs, new Date(call.now().getTime() - day))) {
    if (call.signal.aborted || (looked += 1) > mostLookedAt) return;
    const id = messageOf(blob);
    if (id === undefined) continue;
    const content = (await messages.job(id))?.content;
    if (content !== undefined && 'blob' in content && content.blob === blob) continue;
    await rawMail.remove(blob);
    call.log.warn('Content without a message was removed.', { blob });
  }
}
