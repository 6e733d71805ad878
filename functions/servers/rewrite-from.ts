import type { Mailbox } from '../shared/address.ts';
import type { Choice } from './choose-outgoing-server.ts';
import { matchesFilter, sameAddress } from './from-filter.ts';
import { asciiDomain, bounceAddress, catchallAddress } from './mail-domain.ts';

export interface Sender {
  /** What the From header says. */
  readonly headerFrom: Mailbox;
  /** The bare address of MAIL FROM, its domain in ASCII: where undeliverable mail is returned to. */
  readonly envelopeFrom: string;
  /**
   * The Reply-To of a message that has none of its own: the author, when the From header no longer says so; the catchall
   * address for a message that nobody in particular sends.
   */
  readonly replyTo?: Mailbox;
  readonly rewritten: boolean;
}

/**
 * Whom a message is from, for its readers and for the servers, once its outgoing server is chosen. As Odoo does: a From
 * that gave way to the notifications address lives on as that address's display name (the author's name, else the local
 * part), and the header is otherwise whatever From the choice resulted in. The envelope is the bounce address where the
 * server's filter allows it, else that From. A forced server changes no header.
 */
export function rewriteFrom({ from, choice }: { from: Mailbox | undefined; choice: Choice }): Sender {
  const headerFrom = from === undefined ? choice.from : encapsulate(from, choice);
  const bounce = choice.domain && bounceAddress(choice.domain);
  const allowed = bounce !== undefined && matchesFilter(choice.server.fromFilter, bounce) !== undefined;
  const envelopeFrom = withAsciiDomain(allowed ? bounce : choice.from.address);
  const rewritten = from !== undefined && (from.name !== headerFrom.name || from.address !== headerFrom.address);
  const replyTo = rewritten ? from : from === undefined ? catchallFor(headerFrom, choice) : undefined;
  return { headerFrom, envelopeFrom, rewritten, ...(replyTo !== undefined && { replyTo }) };
}

function catchallFor({ address }: Mailbox, { domain }: Choice): Mailbox | undefined {
  const catchall = domain && catchallAddress(domain);
  return catchall === undefined || sameAddress(catchall, address) ? undefined : { address: catchall };
}

function encapsulate(from: Mailbox, { from: sender, notifications }: Choice): Mailbox {
  const replaced =
    notifications !== undefined &&
    sameAddress(sender.address, notifications) &&
    !sameAddress(from.address, notifications);
  if (!replaced) return sender;
  const localPart = from.address.slice(0, from.address.lastIndexOf('@'));
  return { name: from.name === undefined || from.name === '' ? localPart : from.name, address: sender.address };
}

function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + asciiDomain(address.slice(at));
}
