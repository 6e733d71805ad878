import type { Row } from '../../api/reading.ts';
import { loginOf, newLogin, toChangedLogin, toNewLogin, type LoginValues } from '../../parts/login-values.ts';

type Server = Row<'/v1/incoming-servers'>;

/** An incoming server as its form has it; null: left empty. */
export interface Values extends LoginValues {
  readonly name: string;
  readonly mailbox: string;
  readonly folders: readonly string[];
  readonly every: number | null;
  readonly afterFetch: 'none' | 'seen' | 'move';
  readonly moveTo: string;
  /** A day of the viewer's, as in 2026-01-31; empty: from the confirmation on. */
  readonly since: string;
  readonly destinations: readonly string[];
  readonly keepRawDays: number | null;
  readonly hasLoopGuard: boolean;
  readonly loopMessages: number | null;
  readonly loopMinutes: number | null;
  readonly loopExcept: readonly string[];
}

/** What Odoo takes for a loop. */
const loop = { messages: 20, minutes: 120 };

/** What the form of a new server begins with. */
export const newValues: Values = {
  ...newLogin(),
  name: '',
  mailbox: '',
  encryption: 'tls',
  folders: ['INBOX'],
  every: 1,
  afterFetch: 'none',
  moveTo: '',
  since: '',
  destinations: [],
  keepRawDays: null,
  hasLoopGuard: false,
  loopMessages: loop.messages,
  loopMinutes: loop.minutes,
  loopExcept: [],
};

export function toValues(server: Server): Values {
  const { name, mailbox, folders, every, afterFetch, since, destinations, keepRawDays, loopGuard } = server;
  return {
    ...loginOf(server),
    ...{ name, mailbox, folders, every, destinations, keepRawDays },
    afterFetch: typeof afterFetch === 'string' ? afterFetch : 'move',
    moveTo: typeof afterFetch === 'string' ? '' : afterFetch.move,
    since: since === undefined ? '' : dayOf(new Date(since)),
    hasLoopGuard: loopGuard !== null,
    loopMessages: loopGuard?.messages ?? loop.messages,
    loopMinutes: loopGuard?.minutes ?? loop.minutes,
    loopExcept: loopGuard?.except ?? [],
  };
}

/** A new server, as the API takes it. */
export function toNew(values: Values) {
  return { ...toFields(values), ...toNewLogin(values) };
}

/** A changed one, as the API takes it. */
export function toPatch(values: Values) {
  return { ...toFields(values), ...toChangedLogin(values) };
}

function toFields(values: Values) {
  const { name, mailbox, folders, every, afterFetch, moveTo, since, destinations, keepRawDays } = values;
  const { hasLoopGuard, loopMessages, loopMinutes, loopExcept } = values;
  return {
    name,
    folders: [...folders],
    afterFetch: afterFetch === 'move' ? { move: moveTo } : afterFetch,
    destinations: [...destinations],
    keepRawDays,
    loopGuard: hasLoopGuard
      ? {
          messages: loopMessages ?? loop.messages,
          minutes: loopMinutes ?? loop.minutes,
          except: [...loopExcept],
        }
      : null,
    ...(mailbox !== '' && { mailbox }),
    ...(every !== null && { every }),
    ...(since !== '' && { since: new Date(`${since}T00:00`).toISOString() }),
  };
}

function dayOf(moment: Date): string {
  const [month, day] = [moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${moment.getFullYear()}-${month ?? ''}-${day ?? ''}`;
}
