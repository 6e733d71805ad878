import type { Message } from './message.ts';

export type PublicMessage = Omit<Message, 'caller' | 'sentBy' | 'retriedAt' | 'untold'>;

/** The message without what is ours alone: who handed it over, whose login it was sent with, what is left to do. */
export function publicMessage({ caller, sentBy, retriedAt, untold, ...message }: Message): PublicMessage {
  return message;
}
