/** A server's reply in its parts (RFC 5321 4.2, RFC 3463). */
export interface SmtpReply {
  readonly code: number;
  readonly enhanced?: string;
  /** Without the codes, in one line. */
  readonly text: string;
}

const line = /^\d{3}[ -]?(?:[245]\.\d{1,3}\.\d{1,3}(?: |$))?/;

/** Reads `550-5.7.60 SMTP; Client\n550 5.7.60 does not ...`; undefined when it does not begin with a code. */
export function parseSmtpReply(reply: string): SmtpReply | undefined {
  const head = /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?= |$|\r?\n))?|$)/.exec(reply);
  if (head === null) return undefined;
  const text = reply
    .split(/\r?\n/)
    .map((each) => each.replace(line, '').trim())
    .join(' ')
    .trim();
  return { code: Number(head[1]), ...(head[2] !== undefined && { enhanced: head[2] }), text };
}
