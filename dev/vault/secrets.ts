import { randomBytes } from 'node:crypto';
import { VaultError, badParameter } from './vault-error.ts';

// https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
const namePattern = /^[0-9a-zA-Z-]{1,127}$/;
const maxValueBytes = 25_600;

/** What the owner of a secret may say about a version of it. Times are seconds since 1970. */
export interface VersionProperties {
  contentType?: string | undefined;
  tags?: Record<string, string> | undefined;
  enabled?: boolean | undefined;
  nbf?: number | undefined;
  exp?: number | undefined;
}

export interface SecretVersion extends VersionProperties {
  /** 32 hexadecimal digits. */
  version: string;
  value: string;
  enabled: boolean;
  created: number;
  updated: number;
}

/** A secret with all its versions, the latest last. */
export interface KeptSecret {
  name: string;
  versions: SecretVersion[];
  /** When it was deleted, in seconds; while it is, it can be recovered or purged, and its name is taken. */
  deletedAt?: number;
  purged?: true;
  /** Until then (milliseconds) the last deletion, recovery or purge is under way. */
  settledAt?: number;
}

/** The secrets of one vault, by the rules of Key Vault with soft delete. Every method throws `VaultError` where Key Vault refuses. */
export interface Secrets {
  set(name: string, value: string, properties: VersionProperties): KeptSecret;
  /** The secret and the version asked for, or its latest, whether enabled or not. */
  find(name: string, version?: string): { secret: KeptSecret; found: SecretVersion };
  update(name: string, version: string | undefined, properties: VersionProperties): SecretVersion;
  delete(name: string): KeptSecret;
  findDeleted(name: string): KeptSecret;
  recover(name: string): KeptSecret;
  purge(name: string): void;
  list(): KeptSecret[];
  listDeleted(): KeptSecret[];
  /** Everything, as it was given to `createSecrets`. */
  all(): KeptSecret[];
}

/**
 * @param kept what was there before.
 * @param settling how long a deletion, recovery or purge takes, in milliseconds. In Azure it is seconds, during which the name answers neither as
 *   a secret nor as a deleted one, and setting it is refused with `ObjectIsBeingDeleted` or `ObjectIsBeingRecovered`.
 */
export function createSecrets(kept: KeptSecret[], settling: number): Secrets {
  // Names are the same in upper and lower case.
  const secrets = new Map(kept.map((secret) => [secret.name.toLowerCase(), secret]));
  const isSettled = ({ settledAt = 0 }: KeptSecret) => Date.now() >= settledAt;

  /** The secret of that name in any state, unless it has been purged. */
  function lookUp(name: string) {
    if (!namePattern.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
    const secret = secrets.get(name.toLowerCase());
    if (!secret?.purged || !isSettled(secret)) return secret;
    secrets.delete(name.toLowerCase());
    return undefined;
  }

  function lookUpActive(name: string) {
    const secret = lookUp(name);
    if (secret && isSettled(secret) && secret.deletedAt === undefined) return secret;
    throw notFound(`A secret with (name/id) ${name} was not found in this key vault.`);
  }

  function lookUpDeleted(name: string) {
    const secret = lookUp(name);
    if (secret && isSettled(secret) && secret.deletedAt !== undefined) return secret;
    throw notFound(`Deleted Secret not found: ${name}`);
  }

  function find(name: string, version?: string) {
    const secret = lookUpActive(name);
    const found = version === undefined ? latestOf(secret) : secret.versions.find((v) => v.version === version);
    if (!found) throw notFound(`A secret with (name/id) ${name}/${version} was not found in this key vault.`);
    return { secret, found };
  }

  function settle(secret: KeptSecret) {
    secret.settledAt = Date.now() + settling;
    return secret;
  }

  return {
    find,
    set(name, value, { enabled = true, ...properties }) {
      if (Buffer.byteLength(value) > maxValueBytes) {
        throw badParameter(`Secret value must not be longer than ${maxValueBytes} bytes.`);
      }
      const secret = lookUp(name) ?? { name, versions: [] };
      refuseUnlessFree(secret, isSettled(secret));
      const created = seconds();
      const version = randomBytes(16).toString('hex');
      secret.versions.push({ ...properties, enabled, version, value, created, updated: created });
      secrets.set(name.toLowerCase(), secret);
      return secret;
    },
    update(name, version, properties) {
      const { found } = find(name, version);
      const given = Object.entries(properties).filter(([, value]) => value !== undefined);
      return Object.assign(found, Object.fromEntries(given), { updated: seconds() });
    },
    delete(name) {
      const secret = lookUpActive(name);
      secret.deletedAt = seconds();
      return settle(secret);
    },
    findDeleted: lookUpDeleted,
    recover(name) {
      const secret = lookUpDeleted(name);
      delete secret.deletedAt;
      return settle(secret);
    },
    purge(name) {
      settle(lookUpDeleted(name)).purged = true;
    },
    list: () => [...secrets.values()].filter((secret) => isSettled(secret) && secret.deletedAt === undefined),
    listDeleted: () =>
      [...secrets.values()].filter((secret) => isSettled(secret) && secret.deletedAt !== undefined && !secret.purged),
    all: () => [...secrets.values()],
  };
}

/** The version a secret is known by. */
export function latestOf({ name, versions }: KeptSecret): SecretVersion {
  const latest = versions.at(-1);
  if (!latest) throw new Error(`Secret ${name} was kept without a version.`);
  return latest;
}

/** https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
function refuseUnlessFree({ name, deletedAt }: KeptSecret, settled: boolean) {
  if (deletedAt === undefined && settled) return;
  const conflict = (message: string, reason: string) =>
    new VaultError(409, 'Conflict', `Secret ${name} is currently ${message}`, reason);
  if (deletedAt === undefined) throw conflict('being recovered.', 'ObjectIsBeingRecovered');
  if (!settled) throw conflict('being deleted.', 'ObjectIsBeingDeleted');
  throw conflict(
    'in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.',
    'ObjectIsDeletedButRecoverable',
  );
}

function notFound(message: string) {
  return new VaultError(404, 'SecretNotFound', message);
}

function seconds() {
  return Math.floor(Date.now() / 1000);
}
