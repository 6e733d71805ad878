import type { DeliveryReport, ReportedRecipient } from '../received/delivery-report.ts';
import type { MailHeaders } from '../received/parse-mime.ts';
import { parseMessageIds } from './message-ids.ts';
import { decodedBody, mimeLeaves, type MimeLeaf } from './mime-leaves.ts';

const mostRecipients = 500;
const longestReason = 500;
const longestHead = 64 * 1024;

const statusTypes = ['message/delivery-status', 'message/global-delivery-status'];
const returnedTypes = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

/** Reads a delivery status notification as RFC 3464 and RFC 6533 have it, and as Exchange sends it. */
export function readDeliveryReport(raw: Buffer, headers: MailHeaders): DeliveryReport | undefined {
  const leaves = [...mimeLeaves(raw)];
  const status = leaves.find(({ type }) => statusTypes.includes(type));
  if (status === undefined) return undefined;
  const returned = leaves.find(({ type }) => returnedTypes.includes(type));
  const original = returned === undefined ? new Map<string, string>() : fieldsOf(textOf(returned));
  const ids = [
    original.get('message-id'),
    // Exchange gives some messages another Message-ID, and keeps the one they came with here.
    original.get('x-microsoft-original-message-id'),
  ].flatMap((value) => parseMessageIds(value ?? ''));
  const answered = [headers.inReplyTo ?? [], headers.references].flat();
  return {
    messageIds: [...new Set([...ids, ...answered])].slice(0, mostRecipients),
    recipients: blocksOf(textOf(status)).map(toRecipient).filter(isKnown).slice(0, mostRecipients),
  };
}

function toRecipient(fields: ReadonlyMap<string, string>): ReportedRecipient | undefined {
  const action = actions.find((each) => each === fields.get('action')?.toLowerCase());
  const addresses = ['original-recipient', 'final-recipient'].flatMap((name) => addressIn(fields.get(name)));
  if (action === undefined || addresses.length === 0) return undefined;
  const code = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0];
  const reason = valueBehindType(fields.get('diagnostic-code')) ?? '';
  return {
    addresses: [...new Set(addresses)],
    action,
    ...(code !== undefined && { code }),
    reason: reason.slice(0, longestReason).toWellFormed(),
  };
}

function isKnown(recipient: ReportedRecipient | undefined): recipient is ReportedRecipient {
  return recipient !== undefined;
}

/** `rfc822;user@example.com`: the type is not looked at, for servers write many. */
function addressIn(value: string | undefined): string[] {
  const address = valueBehindType(value)?.replaceAll(/^<|>$/g, '');
  return address?.includes('@') === true && address.length <= 254 ? [address] : [];
}

function valueBehindType(value: string | undefined): string | undefined {
  return value?.slice(value.indexOf(';') + 1).trim();
}

function textOf(leaf: MimeLeaf): string {
  return decodedBody({ ...leaf, body: leaf.body.subarray(0, longestHead) }).toString('utf8');
}

/** The fields of each recipient: a block each, behind one about the whole message. */
function blocksOf(text: string): ReadonlyMap<string, string>[] {
  return text.split(/(?:\r?\n[ \t]*){2,}/).map(fieldsOf);
}

/** The fields up to the first empty line, by name in lower case; folded lines in one (RFC 5322 2.2.3). */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const head = text.trimStart().split(/\r?\n[ \t]*\r?\n/, 1)[0] ?? '';
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
