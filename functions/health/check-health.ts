import type { Collection } from '../shared/collection.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { SecretStore } from '../shared/secret-store.ts';

/** A part that does not work, in words that hold no secret. */
export interface FailingPart {
  readonly name: string;
  readonly detail: string;
}

interface Parts {
  readonly app: Collection<unknown>;
  readonly secrets: SecretStore;
}

/** Asks each part Postern cannot work without: the settings, the tables, the key vault. Answers those that fail. */
export async function checkHealth(parts: () => Parts): Promise<FailingPart[]> {
  const settings = await failingIn('settings', () => Promise.resolve(parts()));
  if (settings.length > 0) return settings;
  const { app, secrets } = parts();
  const rest = await Promise.all([
    failingIn('storage', () => app.get('health')),
    failingIn('secrets', () => secrets.get('health')),
  ]);
  return rest.flat();
}

async function failingIn(name: string, ask: () => Promise<unknown>): Promise<FailingPart[]> {
  try {
    await ask();
    return [];
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.data.errors === undefined) return [{ name, detail: error.message }];
    return error.data.errors.map(({ pointer, detail }) => ({ name, detail: `${pointer} ${detail}` }));
  }
}
