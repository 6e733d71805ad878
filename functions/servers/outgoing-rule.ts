import { matchesFilter } from './from-filter.ts';

/** The rules of the choice in the order they are tried, each over all servers before the next. */
export const outgoingRules = [
  'from-address',
  'from-domain',
  'notifications-address',
  'notifications-domain',
  'empty-filter',
  'any',
] as const;

export type OutgoingRule = (typeof outgoingRules)[number];

/** The addresses a server is chosen for: the From and its stand-in. */
export interface Asked {
  readonly from: string | undefined;
  readonly notifications: string | undefined;
}

/** The first rule that a server with this From filter meets. */
export function ruleMet(filter: readonly string[], asked: Asked): OutgoingRule {
  for (const whose of ['from', 'notifications'] as const) {
    const address = asked[whose];
    const how = address === undefined ? undefined : matchesFilter(filter, address);
    if (how === 'everything') return 'empty-filter';
    if (how !== undefined) return `${whose}-${how}`;
  }
  return 'any';
}

/** Why the server with this filter was chosen by this rule, for people. */
export function whyChosen(rule: OutgoingRule, filter: readonly string[], asked: Asked): string {
  const others = asked.from === undefined ? 'The message has no From.' : `No From filter allows ${asked.from}.`;
  switch (rule) {
    case 'from-address':
    case 'from-domain':
      return `Its From filter ${says(rule, asked)}.`;
    case 'notifications-address':
    case 'notifications-domain':
      return `${others} This one ${says(rule, asked)}.`;
    case 'empty-filter':
      return `No From filter allows ${either(asked)}. This one is empty and allows everything.`;
    case 'any':
      return `No From filter allows ${either(asked)}. This server is the first of all; it allows ${filter.join(', ')}.`;
  }
}

/** Why a server that meets one rule was passed over for the named one that met the same or an earlier rule, for people. */
export function whyPassedOver(rule: OutgoingRule, asked: Asked, chosen: { name: string; rule: OutgoingRule }): string {
  if (rule === chosen.rule) return `Its From filter ${says(rule, asked)}; "${chosen.name}" comes first.`;
  if (rule === 'any') return `Its From filter ${says(rule, asked)}.`;
  return `Its From filter ${says(rule, asked)}, but that of "${chosen.name}" ${says(chosen.rule, asked)}.`;
}

function says(rule: OutgoingRule, asked: Asked): string {
  switch (rule) {
    case 'from-address':
      return `names ${asked.from ?? ''}`;
    case 'from-domain':
      return `allows the domain of ${asked.from ?? ''}`;
    case 'notifications-address':
      return `names the notifications address ${asked.notifications ?? ''}`;
    case 'notifications-domain':
      return `allows the domain of the notifications address ${asked.notifications ?? ''}`;
    case 'empty-filter':
      return 'is empty';
    case 'any':
      return `does not allow ${either(asked)}`;
  }
}

function either({ from, notifications }: Asked): string {
  return [...new Set([from, notifications].filter((address) => address !== undefined))].join(' or ');
}
