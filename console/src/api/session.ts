import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answer, api, setCsrfToken } from './client.ts';
import { isProblem } from './problem.ts';
import type { components } from './schema.d.ts';

/** Who is signed in, until when. */
export type Session = components['schemas']['Session'];

const key = ['/console/session'];

/** The session; null: nobody is signed in; undefined: not known yet. */
export function useSession(): { session: Session | null | undefined; error: Error | null; retry: () => void } {
  const query = useQuery({ queryKey: key, queryFn: readSession, staleTime: Infinity, refetchOnWindowFocus: false });
  return { session: query.data, error: query.error, retry: () => void query.refetch() };
}

async function readSession(): Promise<Session | null> {
  try {
    return keep(await answer(api.GET('/console/session')));
  } catch (thrown) {
    if (isProblem(thrown, 'unauthenticated')) return null;
    throw thrown;
  }
}

/** Signing in and out. */
export function useSigning() {
  const queries = useQueryClient();
  return {
    /** @throws ProblemError `unauthenticated` where the key opens nothing, `forbidden` where it is no admin's */
    async signIn(apiKey: string): Promise<void> {
      queries.setQueryData(key, keep(await answer(api.POST('/console/session', { body: { key: apiKey } }))));
      // What was refused when the session had ended is asked for again.
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
    },
    /** Leaves for the sign-in page; nothing of what was read stays in memory. */
    async signOut(): Promise<void> {
      await api.DELETE('/console/session');
      location.assign('/console/');
    },
  };
}

/** For calls that were answered "who are you?": the session has ended. */
export function endSession(queries: QueryClient): void {
  setCsrfToken(undefined);
  queries.setQueryData(key, null);
}

function keep(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}
