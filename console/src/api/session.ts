import { useQuery, useQueryClient } from '@tanstack/react-query';
import { setCsrfToken } from './client.ts';
import { ConnectionError, ProblemError, readProblem } from './problem.ts';

/** Who is signed in, until when. */
export interface Session {
  readonly name: string;
  readonly expiresAt: string;
  readonly csrfToken: string;
}

const path = '/console/session';
const key = [path];

/** The session; null: nobody is signed in; undefined: not known yet. */
export function useSession(): { session: Session | null | undefined; error: Error | null; retry: () => void } {
  const query = useQuery({ queryKey: key, queryFn: readSession, staleTime: Infinity, refetchOnWindowFocus: false });
  return { session: query.data, error: query.error, retry: () => void query.refetch() };
}

async function readSession(): Promise<Session | null> {
  const response = await ask('GET');
  return response.status === 401 ? null : keep((await response.json()) as Session);
}

/** Signing in and out. */
export function useSigning() {
  const queries = useQueryClient();
  return {
    /** @throws ProblemError where the key opens nothing */
    async signIn(apiKey: string): Promise<void> {
      const response = await ask('POST', { key: apiKey });
      if (response.status === 401) throw new ProblemError(await readProblem(response));
      queries.setQueryData(key, keep((await response.json()) as Session));
    },
    async signOut(): Promise<void> {
      const session = queries.getQueryData<Session>(key);
      await ask('DELETE', undefined, session?.csrfToken);
      setCsrfToken(undefined);
      queries.clear();
      queries.setQueryData(key, null);
    },
  };
}

/** For calls that were answered "who are you?": the session has ended. */
export function endSession(queries: ReturnType<typeof useQueryClient>): void {
  setCsrfToken(undefined);
  queries.setQueryData(key, null);
}

function keep(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

async function ask(method: string, body?: object, csrf?: string): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(csrf !== undefined && { 'x-postern-csrf': csrf }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new ConnectionError('Nobody answered.', { cause });
  });
  if (!response.ok && response.status !== 401) throw new ProblemError(await readProblem(response));
  return response;
}
