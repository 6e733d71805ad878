import type { MailFlags } from '../received/parse-mime.ts';
import { readAddressPattern, toComparable } from './address-pattern.ts';

/** What a mail has to be for a rule. All that is named must hold; of a list one entry is enough. */
export interface RuleMatch {
  /** Address patterns (see readAddressPattern), for every header that names a recipient. */
  readonly recipient?: readonly string[] | undefined;
  /** Address patterns, for From. */
  readonly sender?: readonly string[] | undefined;
  /** Texts it contains, in any case. */
  readonly subject?: readonly string[] | undefined;
  readonly flags?: { readonly [K in keyof MailFlags]?: boolean | undefined } | undefined;
}

/** What becomes of a mail: it is delivered to these destinations, kept until somebody decides, or kept and that is all. */
export type RuleOutcome = { readonly destinations: readonly string[] } | 'park' | 'drop';

/** One rule of an incoming server. Without a condition it takes every mail. */
export interface IncomingRule {
  readonly name?: string | undefined;
  readonly match: RuleMatch;
  readonly then: RuleOutcome;
}

/** What rules know of a mail. */
export interface JudgedMail {
  /** The address in From. */
  readonly from?: string | undefined;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly flags: MailFlags;
}

/** What the rules say of a mail; without a rule it goes where its server says. */
export interface Ruling {
  readonly rule?: IncomingRule;
  /** From 0. */
  readonly index?: number;
  /** Why each rule before it did not take the mail, in their order. */
  readonly passedOver: readonly string[];
}

/** Finds the first rule that takes a mail. */
export function applyRules(rules: readonly IncomingRule[], mail: JudgedMail): Ruling {
  const passedOver: string[] = [];
  const compared = compare(mail);
  for (const [index, rule] of rules.entries()) {
    const why = whyNot(rule.match, compared);
    if (why === undefined) return { rule, index, passedOver };
    passedOver.push(why);
  }
  return { passedOver };
}

/** How a rule is called in the ledger: by its name, else by its place. */
export function labelOf({ name }: IncomingRule, index: number): string {
  return name ?? `rule ${index + 1}`;
}

/** All destinations that a server names, itself or in a rule. */
export function destinationsNamed(server: {
  readonly destinations: readonly string[];
  readonly rules?: readonly IncomingRule[] | undefined;
}): string[] {
  const ofRules = (server.rules ?? []).flatMap(({ then }) => (typeof then === 'string' ? [] : then.destinations));
  return [...server.destinations, ...ofRules];
}

function compare({ from, recipients, subject, flags }: JudgedMail) {
  return {
    sender: from === undefined ? [] : [toComparable(from)],
    recipients: recipients.map(toComparable),
    subject: comparableText(subject),
    flags,
  };
}

/** The first condition that does not hold, as a sentence; undefined when all do. */
function whyNot(match: RuleMatch, mail: ReturnType<typeof compare>): string | undefined {
  const { recipient, sender, subject, flags = {} } = match;
  const fits = (patterns: readonly string[], addresses: ReturnType<typeof compare>['sender']): boolean =>
    patterns.map(readAddressPattern).some((isMet) => addresses.some(isMet));
  if (recipient !== undefined && !fits(recipient, mail.recipients)) return `No recipient is ${either(recipient)}.`;
  if (sender !== undefined && !fits(sender, mail.sender)) return `The sender is not ${either(sender)}.`;
  if (subject !== undefined && !subject.some((text) => mail.subject.includes(comparableText(text))))
    return `The subject does not contain ${either(subject.map((text) => JSON.stringify(text)))}.`;
  for (const [flag, wanted] of Object.entries(flags) as [keyof MailFlags, boolean][]) {
    if (mail.flags[flag] !== wanted) return wanted ? `It is not flagged ${flag}.` : `It is flagged ${flag}.`;
  }
  return undefined;
}

function either(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).join(' or ');
  return texts.length > 5 ? `${shown} (or ${texts.length - 5} more)` : shown;
}

/** One form for all ways of writing the same letters. */
function comparableText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
