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

// Anybody may ask, and a key vault counts its readers: within this span all get the same answer.
const goodFor = 5_000;

/**
 * Makes the check of each part Postern cannot work without: the settings, the tables, the key vault. It answers those
 * that fail, or have not answered when `patience` is over; `parts` throws when the settings are wrong.
 */
export function createHealthCheck(
  parts: () => Parts,
  patience: () => AbortSignal,
): (now: Date) => Promise<FailingPart[]> {
  let last: { at: number; answer: Promise<FailingPart[]> } | undefined;
  return (now) => {
    if (last === undefined || now.getTime() - last.at >= goodFor) {
      last = { at: now.getTime(), answer: examine(parts, patience()) };
    }
    return last.answer;
  };
}

async function examine(parts: () => Parts, patience: AbortSignal): Promise<FailingPart[]> {
  const settings = await failingIn('settings', () => Promise.resolve(parts()), patience);
  if (settings.length > 0) return settings;
  const { app, secrets } = parts();
  const rest = await Promise.all([
    failingIn('storage', () => app.get('health'), patience),
    failingIn('secrets', () => secrets.get('health'), patience),
  ]);
  return rest.flat();
}

async function failingIn(name: string, ask: () => Promise<unknown>, patience: AbortSignal): Promise<FailingPart[]> {
  const tooLate = new Promise<FailingPart[]>((resolve) => {
    const giveUp = (): void => {
      resolve([{ name, detail: 'does not answer' }]);
    };
    if (patience.aborted) giveUp();
    else patience.addEventListener('abort', giveUp);
  });
  return Promise.race([failureOf(name, ask), tooLate]);
}

async function failureOf(name: string, ask: () => Promise<unknown>): Promise<FailingPart[]> {
  try {
    await ask();
    return [];
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.data.errors === undefined) return [{ name, detail: error.message }];
    return error.data.errors.map(({ pointer, detail }) => ({ name, detail: `${pointer} ${detail}` }));
  }
}
