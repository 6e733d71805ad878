import type { Scope } from './caller.ts';

/** The app role of people and applications that may do everything; infra/app-registration.bicep defines it. */
export const adminRole = 'Postern.Admin';

/** What the app roles of somebody whom Entra vouches for let him do. The others have the names of scopes. */
export function scopesOfRoles(roles: readonly string[]): Scope[] {
  const named = (['messages.send', 'messages.read', 'received.read'] as const).filter((scope) => roles.includes(scope));
  return roles.includes(adminRole) ? [...named, 'admin'] : named;
}
