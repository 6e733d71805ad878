import { applyRules, labelOf, type IncomingRule, type JudgedMail } from '../servers/incoming-rule.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import { GatewayError } from '../shared/errors.ts';
import { toJudged } from './judge-mail.ts';
import type { MimeParser } from './parse-mime.ts';
import { wasRead, type ReceivedMessage } from './received-message.ts';
import { bytesGone } from './take-apart.ts';

/** How much of a mail is looked at for its headers. */
const headLength = 64 * 1024;

/** What the rules of a server would do about a mail. */
export interface Resolution {
  readonly outcome: 'deliver' | 'park' | 'drop';
  readonly destinations: readonly string[];
  /** The rule that takes it; left out: none does. */
  readonly rule?: { readonly index: number; readonly name?: string | undefined };
  /** A sentence for people. */
  readonly why: string;
  readonly passedOver: readonly { readonly index: number; readonly name?: string | undefined; readonly why: string }[];
  /** What the rules have looked at. */
  readonly mail: JudgedMail;
}

/** Says what rules would do about a mail, without doing it. Its loop guard is not asked: that depends on what else came. */
export async function resolveMail(
  { destinations }: Pick<IncomingServer, 'destinations'>,
  rules: readonly IncomingRule[],
  head: Uint8Array,
  mimeParser: MimeParser,
): Promise<Resolution> {
  const mail = toJudged(await mimeParser.parseHeaders(head));
  const { rule, index, passedOver: whys } = applyRules(rules, mail);
  const passedOver = whys.map((why, at) => ({ index: at, name: rules[at]?.name, why }));
  const rest = { passedOver, mail };
  if (rule === undefined || index === undefined)
    return { outcome: 'deliver', destinations, why: 'No rule takes it: it goes where the server says.', ...rest };
  const taken = { rule: { index, name: rule.name }, why: `${labelOf(rule, index)} takes it.`, ...rest };
  if (typeof rule.then === 'string') return { outcome: rule.then, destinations: [], ...taken };
  return { outcome: 'deliver', destinations: rule.then.destinations, ...taken };
}

/** The beginning of a mail as it comes. */
export async function headOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  // Leaving the loop ends the stream.
  for await (const chunk of content) {
    chunks.push(chunk);
    octets += chunk.byteLength;
    if (octets >= headLength) break;
  }
  return Buffer.concat(chunks).subarray(0, headLength);
}

/** The beginning of a received mail. @throws GatewayError `conflict` when it was never read, `not-found` when it is gone */
export async function headOfReceived(row: ReceivedMessage, rawMail: RawMail): Promise<Uint8Array> {
  if (!wasRead(row)) throw new GatewayError('conflict', `${row.id} could not be read from the mailbox.`);
  const stream = await rawMail.get(row.blob);
  if (stream === undefined) throw bytesGone(row.id);
  return headOf(stream);
}
