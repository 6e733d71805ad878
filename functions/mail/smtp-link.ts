import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from '../servers/mail-login.ts';
import { openSocket, withCode } from './open-socket.ts';
import { tokenLogins } from './smtp-login.ts';

const second = 1000;
const connectPatience = 15 * second;
const greetingPatience = 15 * second;
/** Exchange may take minutes for its answer to a whole message. nodemailer's own idle limit must not be shorter. */
export const answerPatience = 600 * second;
/** Without a sign of life from the server. */
export const idlePatience = 60 * second;
const quitPatience = 2 * second;

/** A connection on which one step follows the other, each with its own time limit. */
export interface SmtpLink {
  /** False once the connection is gone. */
  readonly alive: boolean;
  /**
   * Does one step of the protocol. Rejects with nodemailer's error, or with what ended the connection meanwhile: that
   * must be watched, because nodemailer leaves a login's callback unanswered then.
   */
  step<T>(patience: number, start: (connection: SMTPConnection, done: Done<T>) => void): Promise<T>;
  /** True when the server has named this extension in its answer to EHLO (RFC 5321 4.1.1.1). */
  supports(extension: string): boolean;
  /** Gives the running step this many milliseconds from now on. */
  extend(patience: number): void;
  /** Ends the connection at once: what is not written yet is never written. */
  destroy(): void;
  /** Says goodbye; never throws, never waits long. */
  close(): Promise<void>;
}

export type Done<T> = (error: Error | null, result?: T) => void;

/**
 * Connects, with TLS as the server's encryption says (certificates are always verified, TLS 1.2 at the least), up to
 * the point where a login can follow. The signal ends the connection whenever it aborts.
 * @throws nodemailer's or Node's error
 */
export async function openSmtpLink(server: MailServer, signal: AbortSignal): Promise<SmtpLink> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({
    connection: await openSocket(server.host, server.port, connectPatience, signal),
    host: server.host,
    port: server.port,
    secure: server.encryption === 'tls',
    requireTLS: server.encryption === 'starttls',
    ignoreTLS: server.encryption === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    connectionTimeout: connectPatience + greetingPatience,
    greetingTimeout: greetingPatience,
    socketTimeout: answerPatience + second,
    // Destroyed, not ended: an aborted message must not be completed out of a buffer.
    socketCloseTimeout: 0,
    customAuth: tokenLogins,
  });
  const link = createLink(connection, signal);
  try {
    await link.step<undefined>(idlePatience, (_, done) => {
      connection.connect((error) => {
        done(error ?? null);
      });
    });
  } catch (error) {
    link.destroy();
    throw error;
  }
  return link;
}

function createLink(connection: SMTPConnection, signal: AbortSignal): SmtpLink {
  let trouble: Error | undefined;
  let fail: ((error: Error) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const end = (error?: Error): void => {
    trouble ??= error;
    connection.close();
  };
  const onAbort = (): void => {
    end(withCode('The time for this call is over', 'ABORT_ERR'));
  };
  connection.on('error', (error: Error) => {
    trouble ??= error;
  });
  connection.once('end', () => {
    signal.removeEventListener('abort', onAbort);
    // A step's own callback knows more, and nodemailer calls it right after this event.
    setImmediate(() => fail?.(trouble ?? withCode('The connection was closed', 'ECONNECTION')));
  });
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();

  const extend = (patience: number): void => {
    clearTimeout(timer);
    if (fail === undefined) return;
    timer = setTimeout(() => {
      end(withCode('The server did not answer in time', 'ETIMEDOUT'));
    }, patience);
  };

  function step<T>(patience: number, start: (connection: SMTPConnection, done: Done<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (connection.destroyed) throw trouble ?? withCode('The connection is gone', 'ECONNECTION');
      fail = reject;
      extend(patience);
      start(connection, (error, result) => {
        if (error) reject(error);
        else resolve(result as T);
      });
    }).finally(() => {
      clearTimeout(timer);
      fail = undefined;
    });
  }

  return {
    supports(extension) {
      // What nodemailer tells a login of its own, and keeps to itself otherwise.
      const { _supportedExtensions: named } = connection as unknown as { _supportedExtensions?: readonly string[] };
      return named?.includes(extension) === true;
    },
    get alive() {
      return !connection.destroyed;
    },
    step,
    extend,
    destroy: end,
    async close() {
      // In the middle of a step nobody would listen to a goodbye.
      if (!connection.destroyed && fail === undefined) {
        await step<undefined>(quitPatience, (_, done) => {
          connection.once('end', () => {
            done(null);
          });
          connection.quit();
        }).catch(() => undefined);
      }
      end();
    },
  };
}
