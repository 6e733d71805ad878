import type { Mailbox } from '../shared/address.ts';
import { matchesFilter, sameAddress } from './from-filter.ts';
import { domainInCharge, notificationsAddress, type MailDomain } from './mail-domain.ts';
import { outgoingRules, ruleMet, whyChosen, whyPassedOver, type Asked, type OutgoingRule } from './outgoing-rule.ts';

/** What the choice needs to know of an outgoing server. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Lower comes first. */
  readonly priority: number;
  /** ISO 8601 in UTC, always with the same number of digits, so that it sorts as text. */
  readonly createdAt: string;
  readonly fromFilter: readonly string[];
  /** Whose personal server it is; none: it is shared. */
  readonly owner?: string | null | undefined;
}

/** Why a server was chosen: it was forced, or what its From filter allows. */
export type Rule = 'forced' | OutgoingRule;

export interface PassedOver {
  readonly id: string;
  readonly name: string;
  /** A sentence for people. */
  readonly why: string;
}

export interface Choice<S extends Candidate = Candidate> {
  readonly server: S;
  /** The From that the choice results in: the original, as it was written, or the bare notifications address. */
  readonly from: Mailbox;
  readonly rule: Rule;
  /** A sentence for people. */
  readonly why: string;
  /** Every other server, in the order of priority. */
  readonly passedOver: readonly PassedOver[];
  /** The mail domain whose notifications and bounce addresses count here. */
  readonly domain: MailDomain | undefined;
  readonly notifications: string | undefined;
  /**
   * True when the server's filter does not allow the resulting From (rule `any`). Without a notifications address that
   * From is then the original, in a name no server was given: whoever sends must refuse it.
   */
  readonly mayBeRefused: boolean;
}

/** No server, or no From, could be settled on. */
export interface NoChoice {
  readonly refused:
    'no-active-server' | 'only-personal' | 'forced-unknown' | 'forced-inactive' | 'forced-personal' | 'from-missing';
  /** A sentence for people. */
  readonly why: string;
}

export interface Question<S extends Candidate = Candidate> {
  readonly from?: Mailbox | undefined;
  /** In any order. */
  readonly servers: readonly S[];
  /** In their own order: the first stands in where neither the From's own domain nor the default one is configured. */
  readonly domains: readonly MailDomain[];
  readonly defaultDomain?: string | undefined;
  /** The id of the server to use, whatever its filter. */
  readonly forced?: string | undefined;
}

/**
 * Which outgoing server sends a message, and as whom. As Odoo does, over the active servers by priority, then age, then id:
 * a forced server is used as is; else the first whose filter names the From, else the first that allows its domain, and
 * the From stays; else the first that names the notifications address, else the first that allows its domain; else the
 * first with an empty filter; else the first of all, and the From becomes the notifications address where there is one.
 * All servers are asked about a full address before any about its domain. Without a From, the notifications address is it.
 * A personal server is asked about its owner's address alone: it stands in for nobody, and cannot be forced to.
 */
export function chooseOutgoingServer<S extends Candidate>(question: Question<S>): Choice<S> | NoChoice {
  const { from, domains, defaultDomain, forced } = question;
  const domain = domainInCharge(from?.address, domains, defaultDomain);
  const notifications = domain === undefined ? undefined : notificationsAddress(domain);
  const instead = notifications === undefined ? undefined : { address: notifications };
  const servers = question.servers.toSorted(byPriority);
  if (forced !== undefined) {
    const used = from ?? instead;
    if (used === undefined) return fromMissing;
    const server = forcedServer(forced, servers, used.address);
    if ('refused' in server) return server;
    const why = 'The message names this server: its From filter is not consulted and the From is not changed.';
    const others = servers.filter((other) => other !== server);
    const passedOver = others.map(({ id, name }) => ({ id, name, why: `The message names "${server.name}".` }));
    return { server, from: used, rule: 'forced', why, passedOver, domain, notifications, mayBeRefused: false };
  }
  const asked = { from: from?.address, notifications };
  const met = servers.map((server) => ({ server, rule: ruleOf(server, asked) }));
  const [best] = met
    .flatMap(({ server, rule }) => (server.active && rule !== undefined ? [{ server, rule }] : []))
    .toSorted((a, b) => outgoingRules.indexOf(a.rule) - outgoingRules.indexOf(b.rule));
  if (best === undefined) return noServer(servers);
  const { server, rule } = best;
  const used = rule === 'from-address' || rule === 'from-domain' ? from : (instead ?? from);
  if (used === undefined) return fromMissing;
  const chosen = { name: server.name, rule };
  const passedOver = met
    .filter((other) => other.server !== server)
    .map(({ server: { id, name, active, owner }, rule }) => {
      if (!active) return { id, name, why: 'It is not active.' };
      const why =
        rule === undefined
          ? `It is the personal server of ${owner ?? ''}, and for mail from there alone.`
          : whyPassedOver(rule, asked, chosen);
      return { id, name, why };
    });
  const why = whyChosen(rule, server.fromFilter, asked);
  return { server, from: used, rule, why, passedOver, domain, notifications, mayBeRefused: rule === 'any' };
}

/** The first rule a server meets; undefined for a personal one that is not asked. */
function ruleOf({ owner, fromFilter }: Candidate, asked: Asked): OutgoingRule | undefined {
  if (owner === undefined || owner === null) return ruleMet(fromFilter, asked);
  const isOwners = asked.from !== undefined && sameAddress(owner, asked.from);
  return isOwners && matchesFilter(fromFilter, owner) !== undefined ? 'from-address' : undefined;
}

function noServer(servers: readonly Candidate[]): NoChoice {
  return servers.some(({ active }) => active)
    ? { refused: 'only-personal', why: 'The outgoing servers that are active are personal ones of other addresses.' }
    : { refused: 'no-active-server', why: 'No outgoing server is active.' };
}

const fromMissing: NoChoice = {
  refused: 'from-missing',
  why: 'The message has no From and no mail domain with a notifications address is configured.',
};

function forcedServer<S extends Candidate>(forced: string, servers: readonly S[], from: string): S | NoChoice {
  const server = servers.find(({ id }) => id === forced);
  if (server === undefined) return { refused: 'forced-unknown', why: `There is no outgoing server ${forced}.` };
  const { active, name, owner } = server;
  if (!active) return { refused: 'forced-inactive', why: `The outgoing server "${name}" is not active.` };
  if (owner === undefined || owner === null || sameAddress(owner, from)) return server;
  return { refused: 'forced-personal', why: `"${name}" is the personal server of ${owner} and sends as it alone.` };
}

/** The order in which servers are asked. */
export function byPriority(a: Candidate, b: Candidate): number {
  return a.priority - b.priority || compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
