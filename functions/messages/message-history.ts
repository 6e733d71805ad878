import type { HistoryEntry, Message, MessageStatus } from './message.ts';

/** A message is one row of a table, which holds a megabyte: of a long history the middle is forgotten. */
const firstKept = 5;
const lastKept = 45;
const longestDetail = 1000;

/** A history with one more entry. */
export function withEntry(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  const { detail } = entry;
  const bounded = detail === undefined ? entry : { ...entry, detail: detail.slice(0, longestDetail) };
  const all = [...history, bounded];
  return all.length <= firstKept + lastKept ? all : [...all.slice(0, firstKept), ...all.slice(-lastKept)];
}

/** A new status, noted in the history. */
export function noted(
  message: Message,
  status: MessageStatus,
  now: Date,
  detail?: string,
): Pick<Message, 'status' | 'history'> {
  const entry = { at: now.toISOString(), status, ...(detail !== undefined && { detail }) };
  return { status, history: withEntry(message.history, entry) };
}

/** The message without what only described its last state. */
export function withoutState(message: Message): Message {
  const { nextAttemptAt, cause, ...rest } = message;
  return rest;
}
