import { createHmac, timingSafeEqual } from 'node:crypto';
import { addOneTime, hashOf, isOver, newWord, type OneTime } from '../accounts/one-time.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { Secret } from '../shared/secret.ts';
import { callerOf, isExpired, type ApiKey } from './api-key.ts';
import type { Caller, OpenSession } from './caller.ts';

/** A browser that is signed in to the console, kept under the hash of the word in its cookie. */
export interface Session extends OneTime {
  readonly apiKeyId: string;
  readonly startedAt: string;
}

// A browser left alone is signed out by the end of lunch, and every one overnight.
const idleFor = 30 * 60_000;
const longest = 12 * 60 * 60_000;
/** Using a session writes no more often than this. */
const renewedEvery = 5 * 60_000;

interface Ports {
  readonly sessions: Collection<Session>;
  readonly apiKeys: Pick<Collection<ApiKey>, 'get'>;
}

type SessionCall = Pick<Call, 'now' | 'log'>;

/** Starts a session for whoever has shown this key. */
export async function startSession(
  call: SessionCall,
  apiKey: ApiKey,
  { sessions }: Pick<Ports, 'sessions'>,
): Promise<OpenSession> {
  const word = newWord();
  const session = {
    id: hashOf(word),
    apiKeyId: apiKey.id,
    startedAt: call.now().toISOString(),
    expiresAt: endOf(call.now(), call.now()),
  };
  await addOneTime(sessions, session, call.now());
  return toOpen(word, session, apiKey);
}

/**
 * The caller behind the word of a cookie; undefined when the session has ended, or the API key it was started with has:
 * that is looked up each time, so withdrawing a key signs out at once. Using a session renews it.
 */
export async function openSession(
  call: SessionCall,
  word: string,
  { sessions, apiKeys }: Ports,
): Promise<(Caller & { readonly session: OpenSession }) | undefined> {
  const stored = await sessions.get(hashOf(word));
  if (stored === undefined || isOver(stored.value, call.now())) return undefined;
  const apiKey = (await apiKeys.get(stored.value.apiKeyId))?.value;
  if (apiKey === undefined || isExpired(apiKey, call.now())) return undefined;
  const session = await renewed(call, stored, sessions);
  return { ...callerOf(apiKey), session: toOpen(word, session, apiKey) };
}

async function renewed(
  call: SessionCall,
  { value, etag }: Stored<Session>,
  sessions: Collection<Session>,
): Promise<Session> {
  const session = { ...value, expiresAt: endOf(new Date(value.startedAt), call.now()) };
  if (Date.parse(session.expiresAt) - Date.parse(value.expiresAt) < renewedEvery) return value;
  try {
    return (await sessions.replace(session.id, session, etag)).value;
  } catch (cause) {
    // Mostly another call has renewed it, or ended it; and this call need not fail for it.
    call.log.info('A session of the console was not renewed.', { cause });
    return value;
  }
}

/** Ends a session; one that has ended stays so. */
export async function endSession({ word }: OpenSession, { sessions }: Pick<Ports, 'sessions'>): Promise<void> {
  const id = hashOf(word.reveal());
  let stored = await sessions.get(id);
  // Renewed in this moment by another call: once more.
  while (stored !== undefined && !(await sessions.remove(id, stored.etag))) stored = await sessions.get(id);
}

/** Whether a write comes from the page that was given this session's token. */
export function isCsrfTokenOf({ csrfToken }: OpenSession, shown: string): boolean {
  const [own, other] = [Buffer.from(csrfToken), Buffer.from(shown)];
  return own.length === other.length && timingSafeEqual(own, other);
}

function toOpen(word: string, { expiresAt }: Session, { name, expiresAt: keyExpiresAt }: ApiKey): OpenSession {
  return {
    word: new Secret(word),
    name,
    expiresAt: keyExpiresAt !== undefined && keyExpiresAt < expiresAt ? keyExpiresAt : expiresAt,
    // Made of the word, it needs no place of its own, and gives nothing of the word away.
    csrfToken: createHmac('sha256', word).update('x-postern-csrf').digest('base64url'),
  };
}

function endOf(startedAt: Date, now: Date): string {
  return new Date(Math.min(now.getTime() + idleFor, startedAt.getTime() + longest)).toISOString();
}
