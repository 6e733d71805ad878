import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Socket } from 'node:net';
import type { Circumstances } from '../circumstances.ts';
import type { ApplicationRules } from '../application-access.ts';
import { takeFault, type SmtpFault } from '../faults.ts';
import type { AccessTokens } from '../login/access-tokens.ts';
import type { User } from '../directory.ts';
import { createListener, type Listener } from '../listener.ts';
import { authRefusal } from './auth-refusal.ts';
import { speakLikeExchange } from './exchange-replies.ts';
import { submitMessage, SubmissionRefused, type MailRoom } from './submit-message.ts';

export interface SmtpListener extends Listener {
  port: number;
  /** Shows clients another certificate from now on. */
  present(tls: { key: string; cert: string }): void;
  stop(): Promise<void>;
}

export interface SmtpOptions extends MailRoom {
  tls: { key: string; cert: string };
  port: number;
  accessTokens: AccessTokens;
  circumstances: Circumstances;
  applicationAccess: ApplicationRules;
  faults: SmtpFault[];
  onConnection(): void;
  onMessage(): void;
}

/** Whoever signed in on a connection: a user, or an application as one mailbox. */
interface Sender {
  address: string;
  user: User | undefined;
}

// Exchange Online's own numbers: the announced size (150 MB), recipients a message, connections a mailbox.
const maxSize = 157_286_400;
const maxRecipients = 500;
const maxConnections = 3;

/**
 * Serves SMTP submission: STARTTLS and XOAUTH2 required, answers as Exchange Online words them.
 *
 * @throws Error when the certificate is not usable or the port is taken
 */
export async function startSmtpServer(options: SmtpOptions): Promise<SmtpListener> {
  /** Open connections by the client's port. */
  const sockets = new Map<number, Socket>();
  /** Connections that have signed in, oldest first. */
  const senders = new Map<string, Sender>();

  /** Takes a fault for this point of the session; true when it answers, or hangs up, in place of the server. */
  function fails(at: SmtpFault['at'], session: SMTPServerSession, refuse: (error: Error) => void, user?: string) {
    const address = user ?? senders.get(session.id)?.address;
    const fault = takeFault(options.faults, address === undefined ? [] : [address], (candidate) => candidate.at === at);
    if (!fault) return false;
    if (fault.drop) sockets.get(session.remotePort)?.destroy();
    else if (fault.reply !== undefined) refuse(smtpError(fault.reply));
    return true;
  }

  function isOverLimit(session: SMTPServerSession, { address }: Sender) {
    const sessions = [...senders].filter(([, other]) => other.address === address).map(([id]) => id);
    return sessions.indexOf(session.id) >= maxConnections;
  }

  const server = new SMTPServer({
    key: options.tls.key,
    cert: options.tls.cert,
    name: 'localhost',
    banner: 'Microsoft ESMTP MAIL Service ready',
    heloResponse: '%s Hello %s',
    authMethods: ['LOGIN', 'PLAIN', 'XOAUTH2'],
    authRequiredMessage: '5.7.57 Client not authenticated to send mail.',
    size: maxSize,
    rejectOversized: true,
    maxRecipients,
    hideENHANCEDSTATUSCODES: true,
    hideDSN: false,
    hideREQUIRETLS: true,
    disableReverseLookup: true,
    logger: false,

    onConnect(session, callback) {
      options.onConnection();
      for (const connection of server.connections) {
        if (connection.session === session) speakLikeExchange(connection);
      }
      if (!fails('connect', session, callback)) callback();
    },

    onAuth({ method, username = '', accessToken = '' }, session, callback) {
      if (fails('auth', session, callback, username)) return;
      if (method !== 'XOAUTH2') {
        callback(smtpError('535 5.7.139 Authentication unsuccessful, basic authentication is disabled.'));
        return;
      }
      const sender = senderOf(options, username, accessToken);
      if (!sender) {
        callback(smtpError('535 5.7.3 Authentication unsuccessful [localhost]'));
        return;
      }
      const refusal = authRefusal(options.circumstances, sender.address);
      if (refusal !== undefined) {
        callback(smtpError(refusal));
        return;
      }
      senders.set(session.id, sender);
      callback(null, { user: sender.address });
    },

    onMailFrom({ address: from }, session, callback) {
      if (fails('mail', session, callback)) return;
      const sender = senders.get(session.id);
      const { circumstances } = options;
      if (sender && (isOverLimit(session, sender) || circumstances.hold('no connections left', sender.address))) {
        callback(smtpError('432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'));
      } else if (circumstances.hold('may not send as', from)) {
        callback(smtpError('550 5.7.60 SMTP; Client does not have permissions to send as this sender'));
      } else callback();
    },

    onRcptTo(_address, session, callback) {
      if (!fails('rcpt', session, callback)) callback();
    },

    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      const { address = '', user } = senders.get(session.id) ?? {};
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      // The client went away in the middle: there is no end, and nobody to answer.
      stream.on('error', () => undefined);
      stream.on('end', () => {
        if (stream.sizeExceeded) {
          callback(smtpError('552 5.3.4 Message size exceeds fixed maximum message size'));
          return;
        }
        if (fails('data', session, callback)) return;
        const raw = Buffer.concat(chunks);
        try {
          const clientName = session.hostNameAppearsAs;
          const messageId = submitMessage(options, { sender: address, user, envelope, raw, clientName });
          options.onMessage();
          if (fails('after-data', session, callback)) return;
          callback(null, `2.0.0 OK ${messageId} [Hostname=localhost]`);
        } catch (error) {
          const refused = error instanceof SubmissionRefused;
          callback(smtpError(refused ? error.message : `451 4.3.0 Local error: ${String(error)}`));
        }
      });
    },

    onClose(session) {
      senders.delete(session.id);
    },
  });
  // A client that goes away without a word is nobody's fault.
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.setNoDelay();
    socket.on('close', () => sockets.delete(port));
  });

  const listener = await createListener(server.server, options.port);
  return {
    ...listener,
    present(tls) {
      server.updateSecureContext({ ...tls });
    },
    async stop() {
      await listener.close();
      await new Promise<void>((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** A user signs in as himself, an application as the mailbox it was let into. A shared mailbox is no sign-in name. */
function senderOf(options: SmtpOptions, username: string, accessToken: string): Sender | undefined {
  const { accessTokens, applicationAccess, circumstances, directory } = options;
  const identity = accessTokens.validate(accessToken);
  if (!identity) return undefined;
  if (circumstances.hold('sign-in name changed', identity.user?.address)) return undefined;
  if (!identity.user) {
    const address = directory.mailboxOf(username);
    return address !== undefined && applicationAccess.maySend(identity, address)
      ? { address, user: undefined }
      : undefined;
  }
  const isHimself = directory.user(username) === identity.user && identity.permissions.includes('SMTP.Send');
  return isHimself ? { address: identity.user.address, user: identity.user } : undefined;
}

/** The error smtp-server answers with this reply for. */
function smtpError(reply: string) {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}
