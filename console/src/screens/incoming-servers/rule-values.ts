import type { Row } from '../../api/reading.ts';

type Rule = Row<'/v1/incoming-servers'>['rules'][number];

export const flagNames = ['autoReply', 'bounce', 'list', 'readReceipt'] as const;
export type FlagName = (typeof flagNames)[number];
type Wish = 'any' | 'yes' | 'no';

/** A rule as its card has it. An empty list, and `any`, ask nothing. */
export interface RuleValues extends Record<FlagName, Wish> {
  /** Tells it from the others while they change places. */
  readonly key: string;
  readonly name: string;
  readonly recipient: readonly string[];
  readonly sender: readonly string[];
  readonly subject: readonly string[];
  readonly then: 'destinations' | 'park' | 'drop';
  readonly destinations: readonly string[];
}

/** A new rule, which takes every mail. */
export function newRule(): RuleValues {
  return {
    key: crypto.randomUUID(),
    name: '',
    recipient: [],
    sender: [],
    subject: [],
    autoReply: 'any',
    bounce: 'any',
    list: 'any',
    readReceipt: 'any',
    then: 'destinations',
    destinations: [],
  };
}

/** The rule in this place; its key is the same whenever it is read. */
export function toRuleValues({ name = '', match, then }: Rule, place: number): RuleValues {
  const { flags = {}, ...patterns } = match;
  const wishes = flagNames.map((flag) => [flag, toWish(flags[flag])] as const);
  return {
    ...newRule(),
    ...patterns,
    ...(Object.fromEntries(wishes) as Record<FlagName, Wish>),
    key: String(place),
    name,
    ...(typeof then === 'string' ? { then } : { destinations: then.destinations }),
  };
}

function toWish(flag: boolean | undefined): Wish {
  if (flag === undefined) return 'any';
  return flag ? 'yes' : 'no';
}

/** The rule as the API takes it. */
export function toRule(values: RuleValues): Rule {
  const { name, recipient, sender, subject, then, destinations } = values;
  const flags = flagNames.flatMap((flag) => (values[flag] === 'any' ? [] : [[flag, values[flag] === 'yes'] as const]));
  return {
    ...(name !== '' && { name }),
    match: {
      ...(recipient.length > 0 && { recipient: [...recipient] }),
      ...(sender.length > 0 && { sender: [...sender] }),
      ...(subject.length > 0 && { subject: [...subject] }),
      ...(flags.length > 0 && { flags: Object.fromEntries(flags) }),
    },
    then: then === 'destinations' ? { destinations: [...destinations] } : then,
  };
}
