import { apiKeyIdOf, callerOf, type ApiKey } from '../access/api-key.ts';
import type { Caller } from '../access/caller.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';

/**
 * Finds the caller behind `Authorization: Bearer pst_...`. The answer is the same whether the key is malformed, unknown,
 * expired or wrong.
 * @throws GatewayError `unauthenticated`
 */
export async function authenticate(
  authorization: string | null,
  apiKeys: Pick<Collection<ApiKey>, 'get'>,
  now: Date,
): Promise<Caller> {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const id = key === undefined ? undefined : apiKeyIdOf(key);
  const stored = id === undefined ? undefined : await apiKeys.get(id);
  const caller = key === undefined || stored === undefined ? undefined : callerOf(stored.value, key, now);
  if (caller === undefined) {
    throw new GatewayError(
      'unauthenticated',
      key === undefined ? 'The call has no API key.' : 'The API key is unknown, wrong or expired.',
      {
        data: { remedy: 'Send the header Authorization: Bearer pst_..., with a key made by POST /v1/api-keys.' },
      },
    );
  }
  return caller;
}
