import { DeployStopped } from './deploy-stopped.ts';
import { tryUntil, type Patience } from './patience.ts';

const answerLimit = 10_000;

/** Asks `/health` of an app until it says ok. @throws DeployStopped when it does not within the time */
export async function awaitHealth(hostName: string, patience: Patience, say: (line: string) => void): Promise<void> {
  const url = `https://${hostName}/health`;
  say(`Asking ${url}`);
  const met = await tryUntil(
    patience.health,
    patience.pause,
    () => ask(url),
    (answer) => {
      say(`  not yet: ${answer}`);
    },
  );
  if (met !== undefined) {
    const remedy = 'The code is in place. See the log: Application Insights of the app, traces. Then run this again.';
    throw new DeployStopped(`${url} does not say ok: ${met}`, remedy);
  }
}

/** What stands against its being well, in a line; undefined when it is. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerLimit), redirect: 'error' });
    const answer = await response.text();
    // The host's own page has a status 200 too.
    if (response.status === 200 && isOk(answer)) return undefined;
    return `${response.status} ${answer.slice(0, 300)}`.trim();
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

function isOk(answer: string): boolean {
  try {
    return (JSON.parse(answer) as { status?: unknown } | null)?.status === 'ok';
  } catch {
    return false;
  }
}
