/** Does something page by page until there is no more; `progress` is told how many have been done so far. */
export async function everyPage(
  act: (cursor: { cursor?: string }) => Promise<{ count: number; nextCursor: string | null }>,
  progress: (count: number) => void,
): Promise<void> {
  let all = 0;
  let cursor: string | null = null;
  do {
    const { count, nextCursor }: { count: number; nextCursor: string | null } = await act(
      cursor === null ? {} : { cursor },
    );
    all += count;
    progress(all);
    cursor = nextCursor;
  } while (cursor !== null);
}
