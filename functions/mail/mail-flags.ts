import type { MailFlags } from '../received/parse-mime.ts';

/** The first value of a header by its name in lower case; undefined when there is none. */
export type HeaderLookup = (name: string) => string | undefined;

/** What kind of mail the headers say it is. */
export function readMailFlags(header: HeaderLookup, from: string | undefined): MailFlags {
  const type = header('content-type')?.toLowerCase() ?? '';
  const precedence = header('precedence')?.trim().toLowerCase() ?? '';
  return {
    // RFC 3834; X-Auto-Response-Suppress says what should not be answered, not that this is an answer.
    autoReply: isYes(header('auto-submitted')) || isYes(header('x-autoreply')) || precedence === 'auto_reply',
    bounce: isReport(type, 'delivery-status') || (hasNullSender(header) && isMailSystem(from)),
    list:
      header('list-id') !== undefined ||
      header('list-unsubscribe') !== undefined ||
      precedence === 'list' ||
      precedence === 'bulk',
    readReceipt: isReport(type, 'disposition-notification'),
  };
}

/** `no` is the one value that says the opposite; parameters may follow (RFC 3834 5). */
function isYes(value: string | undefined): boolean {
  return value !== undefined && value.split(';', 1)[0]?.trim().toLowerCase() !== 'no';
}

/** RFC 6522 3. */
function isReport(contentType: string, reportType: string): boolean {
  return (
    /^\s*multipart\/report\b/.test(contentType) &&
    new RegExp(`;\\s*report-type\\s*=\\s*"?${reportType}\\b`).test(contentType)
  );
}

function hasNullSender(header: HeaderLookup): boolean {
  return header('return-path')?.replaceAll(/\s/g, '') === '<>';
}

function isMailSystem(from: string | undefined): boolean {
  return from !== undefined && /^(?:mailer-daemon|postmaster|microsoftexchange[\da-f]{32})(?:@|$)/i.test(from);
}
