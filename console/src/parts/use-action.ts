import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNotify } from './notify.tsx';

export interface Action<A, T> {
  /** Does it; twice at once is once. */
  readonly run: (argument: A) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
  /** What the last run that went well came to. */
  readonly result: T | undefined;
  /** Forgets the last run. */
  readonly reset: () => void;
}

/**
 * Something that changes things. Whatever is on the page is read again afterwards. A failure is told in a toast, unless
 * `showsError` promises that the page shows `error` where it belongs.
 */
export function useAction<A = void, T = unknown>(
  act: (argument: A) => Promise<T>,
  { done, showsError = false, after }: { done?: string; showsError?: boolean; after?: (result: T) => void } = {},
): Action<A, T> {
  const queries = useQueryClient();
  const notify = useNotify();
  const mutation = useMutation({
    mutationFn: act,
    onSuccess(result: T) {
      if (done !== undefined) notify.done(done);
      after?.(result);
    },
    onError(error) {
      if (!showsError) notify.failed(error);
    },
    // Also after a failure: what was shown may be why.
    onSettled: () => queries.invalidateQueries(),
  });
  return {
    run(argument) {
      if (!mutation.isPending) mutation.mutate(argument);
    },
    isBusy: mutation.isPending,
    error: mutation.error,
    result: mutation.data,
    reset: mutation.reset,
  };
}
