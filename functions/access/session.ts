import { createHmac, timingSafeEqual } from 'node:crypto';
import { appRegistrationId, type AppRegistration } from '../accounts/app-registration.ts';
import { addOneTime, hashOf, isOver, newWord, type OneTime } from '../accounts/one-time.ts';
import type { Person } from '../accounts/person-sign-in.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import { callerOf, isExpired, type ApiKey } from './api-key.ts';
import type { Caller, OpenSession } from './caller.ts';

/** A browser that is signed in to the console, kept under the hash of the word in its cookie. */
export interface Session extends OneTime {
  readonly startedAt: string;
  readonly signedIn: SignedIn;
}

/** With what somebody has signed in: an API key, or Microsoft's word for a person to our app registration. */
type SignedIn =
  { readonly apiKeyId: string } | { readonly person: Pick<Person, 'objectId' | 'address'>; readonly clientId: string };

// A browser left alone is signed out by the end of lunch, and every one overnight.
const idleFor = 30 * 60_000;
const longest = 12 * 60 * 60_000;
/** Using a session writes no more often than this. */
const renewedEvery = 5 * 60_000;

interface Ports {
  readonly sessions: Collection<Session>;
  readonly apiKeys: Pick<Collection<ApiKey>, 'get'>;
  readonly app: Pick<Collection<AppRegistration>, 'get'>;
}

type SessionCall = Pick<Call, 'now' | 'log'>;

/** Whom a session stands for, and until when at most. */
interface Holder {
  readonly caller: Caller;
  readonly name: string;
  readonly expiresAt?: string | undefined;
}

/**
 * Starts a session for whoever has signed in.
 * @throws GatewayError `unauthenticated` when what it rests on has just ended
 */
export async function startSession(call: SessionCall, signedIn: SignedIn, ports: Ports): Promise<OpenSession> {
  const holder = await holderOf(signedIn, call.now(), ports);
  if (holder === undefined) throw new GatewayError('unauthenticated', 'The API key has just ended.');
  const word = newWord();
  const session = {
    id: hashOf(word),
    signedIn,
    startedAt: call.now().toISOString(),
    expiresAt: endOf(call.now(), call.now()),
  };
  await addOneTime(ports.sessions, session, call.now());
  return toOpen(word, session, holder);
}

/**
 * The caller behind the word of a cookie; undefined when the session has ended, or what it rests on has: the API key, or
 * the app registration. That is looked up each time, so withdrawing a key signs out at once. Using a session renews it.
 */
export async function openSession(
  call: SessionCall,
  word: string,
  ports: Ports,
): Promise<(Caller & { readonly session: OpenSession }) | undefined> {
  const stored = await ports.sessions.get(hashOf(word));
  if (stored === undefined || isOver(stored.value, call.now())) return undefined;
  const holder = await holderOf(stored.value.signedIn, call.now(), ports);
  if (holder === undefined) return undefined;
  const session = await renewed(call, stored, ports.sessions);
  return { ...holder.caller, session: toOpen(word, session, holder) };
}

async function holderOf(signedIn: SignedIn, now: Date, { apiKeys, app }: Ports): Promise<Holder | undefined> {
  if ('apiKeyId' in signedIn) {
    const apiKey = (await apiKeys.get(signedIn.apiKeyId))?.value;
    if (apiKey === undefined || isExpired(apiKey, now)) return undefined;
    return { caller: callerOf(apiKey), name: apiKey.name, expiresAt: apiKey.expiresAt };
  }
  const { person, clientId } = signedIn;
  if ((await app.get(appRegistrationId))?.value.clientId !== clientId) return undefined;
  return { caller: { kind: 'person', id: person.objectId, scopes: ['admin'] }, name: person.address };
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

function toOpen(word: string, { expiresAt }: Session, { name, expiresAt: atMost = expiresAt }: Holder): OpenSession {
  return {
    word: new Secret(word),
    name,
    expiresAt: atMost < expiresAt ? atMost : expiresAt,
    // Made of the word, it needs no place of its own, and gives nothing of the word away.
    csrfToken: createHmac('sha256', word).update('x-postern-csrf').digest('base64url'),
  };
}

function endOf(startedAt: Date, now: Date): string {
  return new Date(Math.min(now.getTime() + idleFor, startedAt.getTime() + longest)).toISOString();
}
