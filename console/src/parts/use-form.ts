import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { isProblem } from '../api/problem.ts';
import { useAction } from './use-action.ts';
import { useUnsavedGuard } from './use-unsaved-guard.ts';

/** What a form lies upon, and the ETag it was read with. */
export interface Shown<V> {
  readonly start: V;
  readonly etag?: string | undefined;
}

/** A form and what becomes of it. Fields take it as `form` and name the value they show. */
export interface Form<V> {
  readonly values: V;
  /** A method: a form of many values is also one of some of them. */
  set<K extends keyof V>(name: K, value: V[K]): void;
  readonly hasChanges: boolean;
  readonly isBusy: boolean;
  readonly submit: () => void;
  /** Forgets what was typed: the form shows what is there now. */
  readonly startAgain: () => void;
  /** Has the server judge what is typed, where the form was given a `dryRun`; nothing is saved. */
  readonly tryOut: () => void;
  readonly isTrying: boolean;
  /** The values as the server judged them last. */
  readonly sent: V | undefined;
  /** What the server said about the value at this JSON pointer, or inside it; of one that is named and has changed since, nothing. */
  readonly complaintAt: (pointer: string, name?: string) => string | undefined;
  /** Fields tell where they stand, so that what is said about no field is shown above the form. Returns how to stop. */
  readonly claim: (pointer: string) => () => void;
  /** Why saving failed; null where the fields tell it all. */
  readonly error: Error | null;
  readonly complaints: readonly { readonly pointer: string; readonly detail: string }[];
}

/**
 * The values of a form, saved by `save`, which throws the API's problem. Begins with `start`; when that changes while
 * nobody has typed (it was read again), so does the form. With an `etag`, what is typed stays upon what it was typed over,
 * whatever is read meanwhile, and `save` is given both: what others have changed is never lost unseen. Guards what is not
 * saved.
 */
export function useForm<V extends object, T = unknown>(options: {
  readonly start: V;
  readonly etag?: string | undefined;
  readonly save: (values: V, shown: Shown<V>) => Promise<T>;
  /** What stands beside the fields when it throws is as when saving. */
  readonly dryRun?: (values: V) => Promise<void>;
  /** Told in a toast. */
  readonly done?: string;
  readonly after?: (result: T) => void;
}): Form<V> {
  const { start, etag, save, dryRun, done, after } = options;
  const [draft, setDraft] = useState<{ readonly over: Shown<V>; readonly changes: Partial<V> }>();
  const [claimed, setClaimed] = useState<readonly string[]>([]);
  const [sent, setSent] = useState<V>();
  // An ETag that changes while nothing of the form does is taken as it comes.
  const isOutdated = draft !== undefined && etag !== undefined && !isAlike(draft.over.start, start);
  const shown = isOutdated ? draft.over : { start, etag };
  const values = { ...shown.start, ...draft?.changes };
  const hasChanges = !isAlike(values, shown.start);
  const letGo = useUnsavedGuard(hasChanges);
  const queries = useQueryClient();
  const keep = async (kept: V): Promise<T> => {
    const result = await save(kept, shown);
    // What was kept is read before the changes that lie upon it go: no field shows what it was before.
    await queries.invalidateQueries();
    return result;
  };
  const saving = useAction(keep, {
    ...(done !== undefined && { done }),
    showsError: true,
    after(result) {
      setDraft(undefined);
      letGo();
      after?.(result);
    },
  });
  const trying = useAction(async (typed: V) => dryRun?.(typed), { showsError: true });
  const error = saving.error ?? trying.error;

  const claim = useCallback((pointer: string) => {
    setClaimed((all) => [...all, pointer]);
    return () => {
      setClaimed((all) => all.filter((each) => each !== pointer));
    };
  }, []);
  const said = isProblem(error) ? (error.problem.errors ?? []) : [];
  const complaints = said.filter(({ pointer }) => !claimed.some((own) => isInside(pointer, own)));
  return {
    values,
    hasChanges,
    isBusy: saving.isBusy,
    set(name, value) {
      setDraft((before) => {
        const changes = { ...before?.changes, [name]: value };
        return isAlike({ ...shown.start, ...changes }, shown.start) ? undefined : { over: shown, changes };
      });
    },
    startAgain() {
      saving.reset();
      setDraft(undefined);
    },
    submit() {
      trying.reset();
      setSent(values);
      saving.run(values);
    },
    tryOut() {
      saving.reset();
      setSent(values);
      trying.run(values);
    },
    isTrying: trying.isBusy,
    sent,
    complaintAt: (pointer, name) => {
      if (name !== undefined && !isSame(values, sent, name)) return undefined;
      const details = said.filter((each) => isInside(each.pointer, pointer)).map(({ detail }) => detail);
      return details.join(' ') || undefined;
    },
    claim,
    error: said.length > 0 && complaints.length === 0 ? null : error,
    complaints,
  };
}

/** Whether the value of this name is the same in both. */
export function isSame<V extends object>(one: V, other: V | undefined, name: string): boolean {
  return isAlike(one[name as keyof V], other?.[name as keyof V]);
}

function isAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isInside(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}
