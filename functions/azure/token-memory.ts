import type { Secret } from '../shared/secret.ts';

const margin = 5 * 60_000;

/** An access token and its end, in milliseconds since 1970. */
export interface AccessToken {
  readonly secret: Secret;
  readonly expiresAt: number;
}

/**
 * Access tokens in memory, until five minutes before their end: while an account is warm nobody else is asked. One fetch
 * at a time per name.
 */
export function createTokenMemory() {
  const known = new Map<string, AccessToken>();
  const underway = new Map<string, Promise<Secret>>();

  async function fetchAnew(name: string, fetch: () => Promise<AccessToken>): Promise<Secret> {
    known.delete(name);
    const token = await fetch();
    known.set(name, token);
    return token.secret;
  }

  /** The token of this name: one that is remembered, if it is usable, or what `fetch` brings. */
  return async (
    name: string,
    isUsable: (remembered: Secret) => boolean,
    fetch: () => Promise<AccessToken>,
  ): Promise<Secret> => {
    const token = known.get(name);
    if (token !== undefined && token.expiresAt - margin > Date.now() && isUsable(token.secret)) return token.secret;
    const running = underway.get(name);
    if (running !== undefined) return running;
    const started = fetchAnew(name, fetch).finally(() => underway.delete(name));
    underway.set(name, started);
    return started;
  };
}
