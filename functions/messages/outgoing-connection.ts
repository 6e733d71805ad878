import { logIn } from '../servers/log-in.ts';
import type { OutgoingServer } from '../servers/outgoing-server.ts';
import type { Call } from '../shared/call.ts';
import type { Stored } from '../shared/collection.ts';
import type { Envelope, OutgoingSession, SendResult } from './mail-sender.ts';
import type { SenderPorts } from './sender-ports.ts';

/** The one connection of a sender: opened when it is needed and used for message after message. */
export interface OutgoingConnection {
  /** True when it is open and something was sent over it. */
  readonly hasServed: boolean;
  /**
   * Connects and logs in, unless that is done and the server's settings are still the same.
   * @throws GatewayError whatever `logIn` throws: nothing can be sent now
   */
  open(server: Stored<OutgoingServer>): Promise<void>;
  /** Hands one message over. @throws GatewayError see OutgoingSession */
  send(envelope: Envelope, content: Parameters<OutgoingSession['send']>[1], size: number): Promise<SendResult>;
  close(): Promise<void>;
}

export function createOutgoingConnection(call: Call, ports: SenderPorts): OutgoingConnection {
  let session: OutgoingSession | undefined;
  let openedFor = '';
  let hasServed = false;

  async function close(): Promise<void> {
    hasServed = false;
    const closing = session;
    session = undefined;
    await closing?.close();
  }

  return {
    get hasServed() {
      return hasServed;
    },

    async open({ value, etag }) {
      if (session?.usable === true && openedFor === etag) return;
      await close();
      session = await logIn(call, value, ports, ports.openOutgoing);
      openedFor = etag;
    },

    async send(envelope, content, size) {
      if (session === undefined) throw new Error('The connection is not open.');
      const result = await session.send(envelope, content, size);
      hasServed = true;
      return result;
    },

    close,
  };
}
