import { GatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';

/** What a caller may do. `admin` includes all others. */
export const scopes = ['messages.send', 'messages.read', 'received.read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who calls: an API key, a person or an application that Entra vouches for, a browser without any of them, or Postern's own timers and queues. */
export interface Caller {
  readonly kind: 'api-key' | 'person' | 'application' | 'anonymous' | 'system';
  /** Stable; idempotency keys are scoped to it. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Addresses and domains this caller may put in From; left out: any. */
  readonly from?: readonly string[];
  /** Incoming servers this caller may read; left out: all. */
  readonly incomingServers?: readonly string[];
  /** The session of the console it calls through; left out: it brings its own proof with each call. */
  readonly session?: OpenSession;
}

/** A session of the console that holds. */
export interface OpenSession {
  /** What its cookie carries. */
  readonly word: Secret;
  /** Who is signed in: the name of the API key, or the person's address. */
  readonly name: string;
  /** When it ends unless it is used before, ISO 8601. */
  readonly expiresAt: string;
  /** What a write has to bring along besides the cookie. */
  readonly csrfToken: string;
}

export const anonymous: Caller = { kind: 'anonymous', id: 'anonymous', scopes: [] };
export const system: Caller = { kind: 'system', id: 'system', scopes: ['admin'] };

/** @throws GatewayError `forbidden` when the caller lacks the scope. */
export function demandScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope) || caller.scopes.includes('admin')) return;
  throw new GatewayError(
    'forbidden',
    `This call needs the scope ${scope}; the key has ${caller.scopes.join(', ') || 'none'}.`,
    {
      data: { remedy: `Use a key that has the scope ${scope}.` },
    },
  );
}
