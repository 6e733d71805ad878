import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { ConnectionError, isProblem } from './api/problem.ts';
import { endSession } from './api/session.ts';
import { AppearanceProvider } from './appearance.tsx';
import { ConfirmProvider } from './parts/confirm.tsx';
import { NotifyArea } from './parts/notify.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { SessionGate } from './shell/session-gate.tsx';
import { Shell } from './shell/shell.tsx';

/** Wherever the API asks who is there, the session has ended. */
function onError(error: unknown): void {
  if (isProblem(error, 'unauthenticated')) endSession(queries);
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What Postern answers it has thought about; silence may end.
      retry: (count, error) => error instanceof ConnectionError && count < 3,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export function App() {
  return (
    <AppearanceProvider>
      <ErrorBoundary>
        <QueryClientProvider client={queries}>
          <Router base="/console">
            <ConfirmProvider>
              <SessionGate>{(person) => <Shell person={person} />}</SessionGate>
            </ConfirmProvider>
            <NotifyArea />
          </Router>
        </QueryClientProvider>
      </ErrorBoundary>
    </AppearanceProvider>
  );
}
