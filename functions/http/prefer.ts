const longest = 30;

/**
 * The seconds a caller prefers to wait for the outcome (RFC 7240 4.3), 30 at the most; undefined when it says nothing of
 * it, or nothing that can be understood: a preference is not refused.
 */
export function preferredWait(prefer: string | undefined): number | undefined {
  const seconds = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[;,]|$)/i.exec(prefer ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), longest);
}
