import { z } from 'zod';
import { toBundle, toDeletedItem, toItem } from './bundles.ts';
import { pageOf } from './page.ts';
import { latestOf, type Secrets } from './secrets.ts';
import { VaultError, badParameter } from './vault-error.ts';

export interface VaultRequest {
  method: string;
  address: URL;
  body: string;
}

export interface VaultAnswer {
  /** 200 unless given. */
  status?: number;
  body?: unknown;
  /** What became of the secrets: a value was given out, a value was set, something else changed. */
  effect?: 'read' | 'set' | 'changed';
}

const properties = {
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.int().optional(), exp: z.int().optional() })
    .optional(),
};
const updateBody = z.object(properties).transform(({ attributes, ...rest }) => ({ ...rest, ...attributes }));
const setBody = z
  .object({ value: z.string(), ...properties })
  .transform(({ value, attributes, ...rest }) => ({ value, properties: { ...rest, ...attributes } }));

/**
 * The operations on secrets: https://learn.microsoft.com/rest/api/keyvault/secrets#operations.
 * @throws VaultError for everything that is refused.
 */
export function answerVaultRequest(
  { method, address, body }: VaultRequest,
  secrets: Secrets,
  vault: string,
): VaultAnswer {
  if (!address.searchParams.has('api-version')) throw badParameter('api-version must be specified.');
  const [collection = '', name = '', detail = '', ...more] = address.pathname.slice(1).split('/').map(decode);
  // `GET /secrets/NAME/`, with the slash and nothing behind it, is what the SDK sends for the latest version.
  const version = ['', 'versions', 'recover'].includes(detail) ? undefined : detail;
  const kinds = [collection, name && ':name', version === undefined ? detail : ':version', ...more];
  const route = `${method} /${kinds.filter((kind) => kind !== '').join('/')}`;
  const list = <Item extends { id?: string }>(items: Item[]) => ({ body: pageOf(items, address) });

  switch (route) {
    case 'PUT /secrets/:name': {
      const { value, properties } = parse(setBody, body);
      const secret = secrets.set(name, value, properties);
      return { body: toBundle(vault, secret, latestOf(secret)), effect: 'set' };
    }
    case 'GET /secrets/:name':
    case 'GET /secrets/:name/:version': {
      const { secret, found } = secrets.find(name, version);
      if (!found.enabled) {
        throw new VaultError(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
      }
      return { body: toBundle(vault, secret, found), effect: 'read' };
    }
    case 'PATCH /secrets/:name':
    case 'PATCH /secrets/:name/:version': {
      const changed = secrets.update(name, version, parse(updateBody, body));
      return { body: toItem(vault, secrets.find(name).secret, changed, 'versioned'), effect: 'changed' };
    }
    case 'DELETE /secrets/:name':
      return { body: toDeletedItem(vault, secrets.delete(name), 'versioned'), effect: 'changed' };
    case 'GET /secrets':
      return list(secrets.list().map((secret) => toItem(vault, secret, latestOf(secret), 'bare')));
    case 'GET /secrets/:name/versions': {
      const { secret } = secrets.find(name);
      return list(secret.versions.map((v) => toItem(vault, secret, v, 'versioned')));
    }
    case 'GET /deletedsecrets':
      return list(secrets.listDeleted().map((secret) => toDeletedItem(vault, secret, 'bare')));
    case 'GET /deletedsecrets/:name':
      return { body: toDeletedItem(vault, secrets.findDeleted(name), 'versioned') };
    case 'POST /deletedsecrets/:name/recover': {
      const secret = secrets.recover(name);
      return { body: toItem(vault, secret, latestOf(secret), 'versioned'), effect: 'changed' };
    }
    case 'DELETE /deletedsecrets/:name':
      secrets.purge(name);
      return { status: 204, effect: 'changed' };
    default:
      throw new VaultError(404, 'NotFound', `There is no operation ${route}.`);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw badParameter('The request body is not JSON.');
  }
  const { data, error } = schema.safeParse(json);
  if (error) throw badParameter(`Property '${error.issues[0]?.path.join('.') ?? ''}' is missing or invalid.`);
  return data;
}

function decode(segment: string) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badParameter(`The request URI contains an invalid name: ${segment}`);
  }
}
