import { logIn } from '../servers/log-in.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import { toGatewayError } from '../shared/errors.ts';
import type { Message } from './message.ts';
import type { SenderPorts } from './sender-ports.ts';
import { again, foundSent, undecided, type Settled } from './settle-message.ts';

/**
 * Decides a message of which nobody knows whether it was sent: Exchange files a copy of everything it accepted in the
 * sender's Sent Items, so the message is there, or was never accepted and can be sent again. While that folder cannot
 * be read the message stays undecided: sending it blindly might send it twice.
 */
export async function reconcileMessage(
  call: Call,
  message: Message,
  server: OutgoingServer,
  ports: SenderPorts,
): Promise<Settled> {
  try {
    const ownMailbox = { ...ports.imapServer, encryption: 'tls', account: server.account } as const;
    const session = await logIn(call, ownMailbox, ports, ports.openMailbox);
    try {
      const found = await session.wasSent(message.messageId);
      return found
        ? foundSent(message, call.now())
        : again(message, 'Not in Sent Items, so it was not sent', call.now());
    } finally {
      await session.close();
    }
  } catch (thrown) {
    return undecided(message, `Sent Items could not be read: ${toGatewayError(thrown).message}`, call.now());
  }
}
