import { buffer } from 'node:stream/consumers';
import type { Envelope, OpenOutgoingSession, RecipientResult } from '../../functions/messages/mail-sender.ts';
import type { OpenMailbox } from '../../functions/received/mailbox-reader.ts';
import { GatewayError, type ErrorCode, type ErrorData } from '../../functions/shared/errors.ts';

/** What happens to the next message, or at the next login. */
export type Mishap =
  | { readonly refuse: GatewayError }
  /** The connection breaks before the content has left. */
  | 'drops-before'
  /** The connection breaks after the content has left; the message was taken, or was not. */
  | 'drops-taken'
  | 'drops-not-taken'
  | { readonly partly: RecipientResult[] }
  /** Something else happens in the middle of handing over. */
  | { readonly meanwhile: () => Promise<void> };

/** A mail server as a sender sees it, in memory: what it took lies in Sent Items. */
export interface ExchangeForTest {
  /** Message-IDs in the order they were taken. */
  readonly taken: string[];
  /** Their envelopes, in the same order. */
  readonly envelopes: Envelope[];
  /** The contents, in the same order. */
  readonly contents: string[];
  /** Logins, successful or not. */
  logins: number;
  /** Connections open at the same time, at most. */
  mostConnections: number;
  /** What happens to the next messages; the rest go well. */
  readonly mishaps: Mishap[];
  /** What the next logins are answered with. */
  readonly refusedLogins: GatewayError[];
  /** The server ends a connection after so many messages, noticed at the next. */
  messagesPerConnection: number;
  /** A message whose content has this breaks any connection, before it is handed over. */
  poison: string | undefined;
  /** Why Sent Items cannot be read, while they cannot. */
  sentItemsTrouble: GatewayError | undefined;
  /** The only user who has copies in Sent Items; undefined: whoever opens them. */
  filesCopiesFor: string | undefined;
  /** The Message-ID that messages are filed with and answered by; undefined: their own. */
  givenMessageId: string | undefined;
  /** Times Sent Items were opened. */
  sentItemsOpened: number;
  readonly openOutgoing: OpenOutgoingSession;
  readonly openMailbox: OpenMailbox;
}

export function createExchangeForTest(): ExchangeForTest {
  let open = 0;

  const exchange: ExchangeForTest = {
    taken: [],
    envelopes: [],
    contents: [],
    logins: 0,
    mostConnections: 0,
    mishaps: [],
    refusedLogins: [],
    messagesPerConnection: Number.POSITIVE_INFINITY,
    poison: undefined,
    sentItemsTrouble: undefined,
    filesCopiesFor: undefined,
    givenMessageId: undefined,
    sentItemsOpened: 0,

    openOutgoing(_login, call) {
      exchange.logins += 1;
      const refusal = exchange.refusedLogins.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      open += 1;
      exchange.mostConnections = Math.max(exchange.mostConnections, open);
      let usable = true;
      let served = 0;
      const end = (): void => {
        if (usable) open -= 1;
        usable = false;
      };
      return Promise.resolve({
        get usable() {
          return usable;
        },
        async send(envelope, content, size) {
          const breaks = (code: ErrorCode): GatewayError => {
            end();
            return new GatewayError(code, 'The connection broke.');
          };
          if (call.signal.aborted || !usable || served === exchange.messagesPerConnection)
            throw breaks('mail-server-unreachable');
          const mishap = exchange.mishaps.shift();
          if (mishap === 'drops-before') throw breaks('mail-server-unreachable');
          if (typeof mishap === 'object' && 'refuse' in mishap) throw mishap.refuse;

          const raw = content instanceof Uint8Array ? Buffer.from(content) : await buffer(content);
          if (exchange.poison !== undefined && raw.includes(exchange.poison)) throw breaks('mail-server-unreachable');
          if (raw.length !== size) throw new GatewayError('internal-error', 'The size is wrong.');
          if (mishap === 'drops-not-taken') throw breaks('outcome-unknown');
          if (typeof mishap === 'object' && 'meanwhile' in mishap) await mishap.meanwhile();
          exchange.taken.push(/^Message-ID: (.*)\r$/m.exec(raw.toString())?.[1] ?? '');
          exchange.envelopes.push(envelope);
          exchange.contents.push(raw.toString());
          served += 1;
          if (mishap === 'drops-taken') throw breaks('outcome-unknown');
          const refused = typeof mishap === 'object' && 'partly' in mishap ? mishap.partly : [];
          const recipients = envelope.to.map(
            (address) => refused.find((one) => one.address === address) ?? { address, accepted: true },
          );
          const { givenMessageId } = exchange;
          return {
            reply: '250 2.0.0 OK',
            recipients,
            ...(givenMessageId !== undefined && { messageId: givenMessageId }),
          };
        },
        close() {
          end();
          return Promise.resolve();
        },
      });
    },

    openMailbox({ user }) {
      exchange.sentItemsOpened += 1;
      if (exchange.sentItemsTrouble !== undefined) return Promise.reject(exchange.sentItemsTrouble);
      const unused = (): never => {
        throw new Error('Only Sent Items are looked at.');
      };
      return Promise.resolve({
        open: unused,
        after: unused,
        firstSince: unused,
        uids: unused,
        infos: unused,
        read: unused,
        stream: unused,
        markSeen: unused,
        move: unused,
        findSent(messageId) {
          const isThere = exchange.taken.includes(messageId) && (exchange.filesCopiesFor ?? user) === user;
          return Promise.resolve(isThere ? { messageId: exchange.givenMessageId ?? messageId } : undefined);
        },
        folders: unused,
        close: () => Promise.resolve(),
      });
    },
  };
  return exchange;
}

/** An error as the SMTP adapter makes them. */
export function smtpError(code: ErrorCode, reply = '', data: ErrorData = {}): GatewayError {
  const [, status = '', enhanced] = /^(\d{3}) (?:([245]\.\d+\.\d+) )?/.exec(reply) ?? [];
  const upstream = {
    protocol: 'smtp' as const,
    code: status,
    ...(enhanced !== undefined && { enhanced }),
    text: reply,
  };
  return new GatewayError(code, `The server said: ${reply}`, { data: { upstream, ...data } });
}
