/** Does something to one page of many. */
export type Act = (cursor: { cursor?: string }) => Promise<{ count: number; nextCursor: string | null }>;

/** Does something page by page until there is no more; `progress` is told how many have been done so far. */
export async function everyPage(act: Act, progress: (count: number) => void): Promise<void> {
  let all = 0;
  let next: string | null = null;
  do {
    const page: Awaited<ReturnType<Act>> = await act(next === null ? {} : { cursor: next });
    all += page.count;
    progress(all);
    next = page.nextCursor;
  } while (next !== null);
}
