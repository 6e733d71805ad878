import { newEvent, type GatewayEvent } from '../events/event.ts';
import { applyRules, labelOf, type JudgedMail } from '../servers/incoming-rule.ts';
import type { IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { LoopGuard } from './loop-guard.ts';
import type { MailFacts, MailHeaders } from './parse-mime.ts';
import type { ReceivedMessage } from './received-message.ts';

/** A mail with what becomes of it. */
export interface Judged {
  readonly row: ReceivedMessage;
  /** Where it is delivered now; nowhere when it is parked or dropped. */
  readonly destinations: readonly string[];
  /** What is to be told of it. */
  readonly event?: GatewayEvent;
}

/** What the rules look at. */
export function toJudged({ from, recipients, subject, flags }: MailHeaders): JudgedMail {
  return { from: from?.address, recipients, subject, flags };
}

/**
 * Judges a mail by the rules of its server, by whether it is mail at all, and by the loop guard. What is not delivered
 * for the first two is not counted: it feeds no loop. Reports are not either, for nobody may answer them (RFC 3834 2) and a mass mailing brings many from one sender.
 */
export function judgeMail(
  call: Call,
  row: ReceivedMessage,
  mail: MailFacts,
  { server, guard }: { readonly server: IncomingServer; readonly guard: LoopGuard },
): Judged {
  const { rule, index = 0 } = applyRules(server.rules ?? [], toJudged(mail));
  const label = rule && labelOf(rule, index);
  const ruled = label === undefined ? row : { ...row, rule: label };
  if (rule?.then === 'drop') return { row: { ...ruled, status: 'dropped' }, destinations: [] };
  if (rule?.then === 'park') return held(ruled, 'rule', `By the rule "${label ?? ''}" of its server.`);
  if (mail.isHostile === true) return held(ruled, 'hostile', mail.incomplete ?? '');
  const judged = rule === undefined ? ruled : { ...ruled, destinations: rule.then.destinations };
  const from = mail.from?.address ?? '';
  const counted = { uid: row.uid, from, arrivedAt: new Date(row.createdAt) };
  const suspicion = mail.flags.bounce ? undefined : guard.count(counted, server, call.now());
  if (suspicion === undefined) return { row: judged, destinations: judged.destinations ?? server.destinations };
  const { messages = 0, minutes = 0 } = server.loopGuard ?? {};
  const parked = held(judged, 'loop', `More than ${messages} mails of one sender came within ${minutes} minutes.`);
  return suspicion.isNew ? { ...parked, event: loopEvent(server, row, from) } : parked;
}

function held(row: ReceivedMessage, kind: 'hostile' | 'rule' | 'loop', detail: string): Judged {
  return { row: { ...row, status: 'parked', reason: { kind, detail } }, destinations: [] };
}

/** Made of the mail that brought it about, so that it is the same when that is judged again. */
function loopEvent(server: IncomingServer, row: ReceivedMessage, sender: string): GatewayEvent {
  const { id, name, mailbox, loopGuard } = server;
  const data = { ...{ id, name, mailbox, sender }, limit: loopGuard, received: row.id };
  return newEvent('incoming.loop_suspected', id, new Date(row.createdAt), data, row.id);
}
