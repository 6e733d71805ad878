import type { Call } from '../shared/call.ts';
import type { Lease } from '../shared/lease.ts';
import { createSender, type Sender } from './sender.ts';
import type { SenderPorts } from './sender-ports.ts';

const second = 1000;
/** No new message is begun after this; what is begun may take longer. */
const runFor = 5 * 60 * second;
/** Longest time a queue entry can be held back; who comes too early waits again. */
const longestDelay = 6 * 24 * 3600;

/**
 * Sends what an outgoing server has to send: alone across all instances, the most urgent first, over one connection. Leaves
 * when nothing is due, when the server asks to wait or the limits allow no more (then its queue entry comes back at that
 * time), or when the call's time is over (then the rest is queued again).
 */
export async function sendDueMessages(call: Call, serverId: string, ports: SenderPorts): Promise<void> {
  const lease = await ports.leases.take(`send-${serverId}`);
  if (lease === undefined) return;
  const signal = AbortSignal.any([call.signal, lease.signal]);
  const until = call.now().getTime() + runFor;
  const isOver = (): boolean => signal.aborted || call.now().getTime() > until;
  const sender = createSender({ ...call, signal }, serverId, isOver, ports);
  let released = false;
  try {
    released = await sendUntilReleased(sender, lease, isOver);
  } finally {
    if (!released) await lease.drop();
  }
  const { comeBackAt } = sender;
  if (!released) await ports.queues.send(serverId);
  else if (comeBackAt !== undefined) {
    const seconds = Math.ceil((comeBackAt - call.now().getTime()) / second);
    await ports.queues.send(serverId, Math.min(Math.max(seconds, 1), longestDelay));
  }
}

/** Answers whether the lease was given back, which is when all is done. */
async function sendUntilReleased(sender: Sender, lease: Lease, isOver: () => boolean): Promise<boolean> {
  try {
    while (!isOver()) {
      await sender.sendAllDue();
      const beforehand = sender.isBusy ? () => sender.end() : undefined;
      if (!isOver() && (await lease.release(beforehand))) return true;
    }
    return false;
  } finally {
    await sender.end();
  }
}
