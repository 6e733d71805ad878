import type { components } from '../../api/schema.d.ts';

export type ApiKey = components['schemas']['ApiKey'];
export type Scope = ApiKey['scopes'][number];

/** What a key may be allowed, and under which name the texts have it. */
export const scopes = {
  'messages.send': 'send',
  'messages.read': 'read',
  'received.read': 'received',
  admin: 'admin',
} as const satisfies Record<Scope, string>;

export const allScopes = Object.keys(scopes) as readonly Scope[];
