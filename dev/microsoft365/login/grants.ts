import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from '../atomic-file.ts';

/** What a refresh token stands for. It is bound to user and application, not to a resource. */
export interface RefreshGrant {
  user: string;
  clientId: string;
  /** What was asked for, repeated by a refresh that asks for nothing else. */
  scope: string;
}

/** Who consented to what, and the refresh tokens that rest on it. Kept in a file if there is a folder. */
export interface Grants {
  /** Whether the user, or an administrator for everybody, consented to all these permissions for the application. */
  isConsented(clientId: string, user: string, permissions: readonly string[]): boolean;
  consent(clientId: string, user: string, permissions: readonly string[]): void;
  /** An administrator consents to the application for everybody. */
  consentForAll(clientId: string): void;
  /** Takes back what the user consented to. @returns it, to be given back */
  withdraw(clientId: string, user: string): readonly string[];
  /** An administrator grants the application permissions of its own, or takes them away. */
  grantToApplication(clientId: string, permissions: readonly string[]): void;
  grantedToApplication(clientId: string): readonly string[];
  newRefreshToken(grant: RefreshGrant): string;
  /** As in Entra, a token that was used stays valid; only age and revocation end it. */
  openRefreshToken(token: string): { grant: RefreshGrant; state: 'valid' | 'revoked' | 'expired' } | undefined;
  /** All refresh tokens of the user end. Access tokens already issued live on, as in Entra. */
  revoke(user: string): void;
}

interface State {
  /** Application and user to permissions. */
  consents: Record<string, string[]>;
  consentedForAll: string[];
  /** Application to permissions of its own. */
  applications?: Record<string, string[]>;
  /** User to the number of revocations so far; a refresh token carries the number it was made under. */
  revocations: Record<string, number>;
  /** What refresh tokens are sealed with, base64. */
  sealingKey: string;
}

interface Sealed extends RefreshGrant {
  revocations: number;
  issuedAt: number;
}

// Microsoft: "Refresh tokens in the Microsoft identity platform", lifetime.
const refreshTokenLifetime = 90 * 24 * 3_600_000;

export function createGrants(folder?: string): Grants {
  const file = folder === undefined ? undefined : join(folder, 'grants.json');
  const saved = file === undefined ? undefined : readIfThere(file);
  const state: State =
    saved === undefined
      ? { consents: {}, consentedForAll: [], revocations: {}, sealingKey: randomBytes(32).toString('base64') }
      : (JSON.parse(saved) as State);
  const save = () => {
    if (file !== undefined) writeAtomically(file, JSON.stringify(state, null, 2));
  };
  if (saved === undefined) save();
  const key = Buffer.from(state.sealingKey, 'base64');
  const consentKey = (clientId: string, user: string) => `${clientId} ${user.toLowerCase()}`;
  const revocationsOf = (user: string) => state.revocations[user.toLowerCase()] ?? 0;

  return {
    isConsented(clientId, user, permissions) {
      if (state.consentedForAll.includes(clientId)) return true;
      const consented = state.consents[consentKey(clientId, user)];
      return consented !== undefined && permissions.every((permission) => consented.includes(permission));
    },
    consent(clientId, user, permissions) {
      const before = state.consents[consentKey(clientId, user)] ?? [];
      state.consents[consentKey(clientId, user)] = [...new Set([...before, ...permissions])];
      save();
    },
    consentForAll(clientId) {
      if (state.consentedForAll.includes(clientId)) return;
      state.consentedForAll.push(clientId);
      save();
    },
    withdraw(clientId, user) {
      const consented = state.consents[consentKey(clientId, user)] ?? [];
      state.consents[consentKey(clientId, user)] = [];
      save();
      return consented;
    },
    grantToApplication(clientId, permissions) {
      state.applications = { ...state.applications, [clientId]: [...permissions] };
      save();
    },
    grantedToApplication: (clientId) => state.applications?.[clientId] ?? [],
    newRefreshToken({ user, clientId, scope }) {
      const content: Sealed = { user, clientId, scope, revocations: revocationsOf(user), issuedAt: Date.now() };
      return `1.${seal(key, JSON.stringify(content))}`;
    },
    openRefreshToken(token) {
      const text = token.startsWith('1.') ? unseal(key, token.slice(2)) : undefined;
      if (text === undefined) return undefined;
      const { user, clientId, scope, revocations, issuedAt } = JSON.parse(text) as Sealed;
      const revoked = revocations < revocationsOf(user);
      const expired = issuedAt + refreshTokenLifetime <= Date.now();
      return { grant: { user, clientId, scope }, state: revoked ? 'revoked' : expired ? 'expired' : 'valid' };
    },
    revoke(user) {
      state.revocations[user.toLowerCase()] = revocationsOf(user) + 1;
      save();
    },
  };
}

function seal(key: Buffer, text: string) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function unseal(key: Buffer, sealed: string) {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 28) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
