import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { Secret } from '../shared/secret.ts';
import type { Caller, Scope } from './caller.ts';

/** An API key as it is kept: its hash, never itself. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly from?: readonly string[] | undefined;
  readonly incomingServers?: readonly string[] | undefined;
  readonly createdAt: string;
  readonly expiresAt?: string | undefined;
  /** SHA-256 of the key, base64url. A random key of 256 bits needs no slow hash. */
  readonly hash: string;
}

export type NewApiKey = Omit<ApiKey, 'id' | 'createdAt' | 'hash'>;

/**
 * Makes a key: the row to keep, and the key itself, to be shown once. It reads `pst_<id's key>_<43 characters>`.
 * @throws GatewayError `request-invalid` when it would have expired already
 */
export function makeApiKey(wanted: NewApiKey, now: Date): { row: ApiKey; key: Secret } {
  const id = newId('key');
  const key = `pst_${id.slice('key_'.length)}_${randomBytes(32).toString('base64url')}`;
  const expiresAt = wanted.expiresAt && new Date(wanted.expiresAt).toISOString();
  const row = { ...wanted, expiresAt, id, createdAt: now.toISOString(), hash: hashOf(key) };
  if (isExpired(row, now)) {
    throw new GatewayError('request-invalid', '/expiresAt: is over already', {
      data: { errors: [{ pointer: '/expiresAt', detail: 'is over already' }] },
    });
  }
  return { row, key: new Secret(key) };
}

/** The row of a presented key; undefined when it is malformed, unknown, wrong or expired. */
export async function findApiKey(
  key: string,
  apiKeys: Pick<Collection<ApiKey>, 'get'>,
  now: Date,
): Promise<ApiKey | undefined> {
  const id = /^pst_([0-9a-z]{10})_[A-Za-z0-9_-]{43}$/.exec(key)?.[1];
  const row = id === undefined ? undefined : (await apiKeys.get(`key_${id}`))?.value;
  if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hashOf(key)))) return undefined;
  return isExpired(row, now) ? undefined : row;
}

/** The caller that a key stands for. */
export function callerOf(row: ApiKey): Caller {
  return {
    kind: 'api-key',
    id: row.id,
    scopes: row.scopes,
    ...(row.from && { from: row.from }),
    ...(row.incomingServers && { incomingServers: row.incomingServers }),
  };
}

/** Whether its time is over. */
export function isExpired({ expiresAt }: ApiKey, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now.toISOString();
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
