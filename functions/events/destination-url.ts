import { GatewayError } from '../shared/errors.ts';

/** Why an address can never be posted to, as far as that is known without looking up its name; undefined: it may well be. */
export type JudgeUrl = (url: string) => Promise<string | undefined>;

/**
 * A private address is refused where it is named, and not only days later where it is delivered to. What its name stands
 * for is judged at each connection.
 * @throws GatewayError `request-invalid` with a pointer to /url
 */
export async function demandPublicUrl(url: string, judgeUrl: JudgeUrl): Promise<void> {
  const detail = await judgeUrl(url);
  if (detail === undefined) return;
  throw new GatewayError('request-invalid', `/url: ${detail}`, { data: { errors: [{ pointer: '/url', detail }] } });
}
