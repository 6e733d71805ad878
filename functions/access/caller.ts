import { GatewayError } from '../shared/errors.ts';

/** What a caller may do. `admin` includes all others. */
export const scopes = ['messages.send', 'messages.read', 'received.read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who calls: an API key, a person's browser without one, or Postern's own timers and queues. */
export interface Caller {
  readonly kind: 'api-key' | 'anonymous' | 'system';
  /** Stable; idempotency keys are scoped to it. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Addresses and domains this caller may put in From; left out: any. */
  readonly from?: readonly string[];
  /** Incoming servers this caller may read; left out: all. */
  readonly incomingServers?: readonly string[];
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
