import type { Quota } from '../messages/send-outlook.ts';

/**
 * The limits of the mailbox that will send, as `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10):
 * what exceeds them is taken all the same, and sent later.
 */
export function rateLimitHeaders({ minute, day }: { minute: Quota; day: Quota }): Record<string, string> {
  const left = (name: string, { remaining, reset }: Quota): string => `"${name}";r=${remaining};t=${reset}`;
  return {
    'ratelimit-policy': `"minute";q=${minute.limit};w=60, "day";q=${day.limit};qu="recipients";w=86400`,
    ratelimit: `${left('minute', minute)}, ${left('day', day)}`,
  };
}
