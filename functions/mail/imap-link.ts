import type { ImapFlow, Logger } from 'imapflow';
import type { MailLogin } from '../servers/mail-login.ts';
import { withCode } from './open-socket.ts';
import { toImapError, type ImapContext } from './to-imap-error.ts';

const second = 1000;
const connectPatience = 15 * second;
const greetingPatience = 15 * second;
const idlePatience = 60 * second;
const logoutPatience = 2 * second;
/** Above what Exchange takes in at all (150 MB), below what would end the process. */
const longestLiteral = 200 * 1024 * 1024;
const longestLine = 16 * 1024 * 1024;

/** A logged-in connection whose failures are GatewayErrors. */
export interface ImapLink {
  /**
   * Runs commands and translates what they throw; `folder` names the folder that is being opened by them.
   * @throws GatewayError see toImapError
   */
  run<T>(work: (client: ImapFlow) => Promise<T>, folder?: string): Promise<T>;
  /** Logs out and closes; what the server says to that is not waited for. Never throws. */
  close(): Promise<void>;
}

/**
 * Connects and logs in (TLS verified, 1.2 at the least). The signal ends the connection whenever it aborts.
 * @throws GatewayError see toImapError
 */
export async function openImapLink(login: MailLogin, signal: AbortSignal): Promise<ImapLink> {
  const { ImapFlow: Client } = await import('imapflow');
  /** What ended the connection: the commands in flight only learn that it is gone. */
  let trouble: unknown;
  const end = (reason: unknown): void => {
    trouble ??= reason;
    client.close();
  };
  const client = new Client({
    host: login.host,
    port: login.port,
    secure: login.encryption === 'tls',
    ...(login.encryption !== 'tls' && { doSTARTTLS: login.encryption === 'starttls' }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    auth:
      login.proof.kind === 'token'
        ? { user: login.user, accessToken: login.proof.secret.reveal() }
        : { user: login.user, pass: login.proof.secret.reveal() },
    connectionTimeout: connectPatience,
    greetingTimeout: greetingPatience,
    socketTimeout: idlePatience,
    maxLiteralSize: longestLiteral,
    maxLineLength: longestLine,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    logger: throttleWatch(end),
  });
  askLess(client, login.proof.kind === 'token');
  client.on('error', (error: unknown) => {
    trouble ??= error;
  });
  const onAbort = (): void => {
    end(reasonOf(signal) ?? withCode('The time for this call is over', 'ABORT_ERR'));
  };
  signal.addEventListener('abort', onAbort);
  client.on('close', () => {
    signal.removeEventListener('abort', onAbort);
  });
  if (signal.aborted) onAbort();

  const run: ImapLink['run'] = async (work, folder) => {
    try {
      return await work(client);
    } catch (error) {
      const asked: ImapContext = folder === undefined ? login : { ...login, folder };
      throw toImapError(trouble ?? error, asked);
    }
  };
  try {
    await run(() => client.connect());
  } catch (error) {
    client.close();
    throw error;
  }
  return {
    run,
    close() {
      const timer = setTimeout(() => {
        client.close();
      }, logoutPatience);
      void client
        .logout()
        .catch(() => undefined)
        .finally(() => {
          clearTimeout(timer);
          client.close();
        });
      return Promise.resolve();
    },
  };
}

/** Why a call was ended, where that is told by a code of its own. */
function reasonOf({ reason }: AbortSignal): Error | undefined {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason : undefined;
}

type Command = (client: ImapFlow, ...more: unknown[]) => unknown;

/**
 * Spares round trips at every poll, for which imapflow has no options: our name (ID, RFC 2971), the question what a
 * server can do after the login, where it has named before it what we use, the two lists that it reads of a folder
 * before it selects it, of which we use nothing, and Exchange's only namespace.
 */
function askLess(client: ImapFlow, isExchange: boolean): void {
  const inner = client as unknown as {
    commands: ReadonlyMap<string, Command>;
    namespace: { prefix: string; delimiter: string };
  };
  const ask = inner.commands.get('CAPABILITY');
  const commands = new Map(inner.commands);
  commands.delete('ID');
  commands.set('CAPABILITY', ({ capabilities }) => (capabilities.has('MOVE') ? capabilities : ask?.(client)));
  const list = inner.commands.get('LIST');
  commands.set('LIST', (_, reference, pattern, options) =>
    options === undefined ? [{ path: pattern }] : list?.(client, reference, pattern, options),
  );
  // That of others may say what the names of all folders begin with (RFC 2342).
  if (isExchange) commands.set('NAMESPACE', () => (inner.namespace = { prefix: '', delimiter: '/' }));
  inner.commands = commands;
}

/**
 * A throttled command makes imapflow wait, up to minutes and in the middle of a session, and then try again. Its log is
 * where that is told before it happens; a function that is paid by the second leaves instead.
 */
function throttleWatch(leave: (error: unknown) => void): Logger {
  const quiet = (): void => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    error: quiet,
    fatal: quiet,
    warn(entry: { throttleDelay?: unknown; err?: unknown }) {
      // Only a wait that has begun is ended by closing.
      if (entry.throttleDelay !== undefined) setImmediate(leave, entry.err);
    },
    isLevelEnabled: (level: string) => level === 'warn',
  };
  return log;
}
