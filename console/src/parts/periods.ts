/** How far back something may be asked to go, and how many hours that is. */
export const periods = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const;
export type Period = keyof typeof periods;

/** When a period that ends now began, for the API; nothing for what is no period: all time. */
export function sinceOf(period: string | undefined, now = Date.now()): { since?: string } {
  if (period === undefined || !(period in periods)) return {};
  return { since: new Date(now - periods[period as Period] * 3_600_000).toISOString() };
}
