import type { Account } from '../accounts/account.ts';
import type { Report } from '../health/report.ts';
import { isMended, isPaced, isPaused } from '../servers/outgoing-pause.ts';
import type { OutgoingServer, OutgoingState } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, States } from '../shared/collection.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { Records } from '../shared/records.ts';
import type { WorkQueues } from '../shared/work-queues.ts';
import { expireMessages } from './expire-messages.ts';
import type { Message } from './message.ts';

/** Puts the outgoing servers that have something due, and need not wait, on the send queue. */
export async function queueDueMessages(
  call: Call,
  ports: {
    accounts: Collection<Account>;
    outgoingServers: Collection<OutgoingServer>;
    outgoingStates: States<OutgoingState>;
    tests: States<Report>;
    messages: Records<Message>;
    rawMail: RawMail;
    queues: WorkQueues;
  },
): Promise<void> {
  const [servers, states, accounts] = await Promise.all([
    ports.outgoingServers.list(),
    ports.outgoingStates.list(),
    ports.accounts.list(),
  ]);
  const accountOf = new Map(accounts.map(({ value }) => [value.id, value]));
  const now = call.now();
  for (const server of servers) {
    const { value } = server;
    const state = states.get(value.id);
    const account = value.account === undefined ? undefined : accountOf.get(value.account);
    const isHeld =
      state !== undefined && isPaused(state, now) && !(await isMended(state, server, account, ports.tests));
    if (isHeld || isPaced(state, now)) {
      await expireMessages(call, value.id, ports);
      continue;
    }
    const due = await ports.messages.due(value.id, now, 1);
    if (due.length > 0) await ports.queues.send(value.id);
  }
}
