import type { Readable } from 'node:stream';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { Envelope, OpenOutgoingSession, OutgoingSession, SendResult } from '../messages/mail-sender.ts';
import type { MailLogin } from '../servers/mail-login.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import { asciiDomain } from './ascii-domain.ts';
import { demandTls } from './demand-tls.ts';
import { createOutgoingContent } from './outgoing-content.ts';
import { answerPatience, idlePatience, openSmtpLink, type SmtpLink } from './smtp-link.ts';
import { toSmtpAuth } from './smtp-login.ts';
import { isRefusal, shortReply, toSmtpError } from './to-smtp-error.ts';

/** Servers slow down over refused recipients (tarpitting); the whole envelope is one step here. */
const recipientPatience = 1000;

/**
 * SMTP submission by nodemailer (RFC 6409): STARTTLS or TLS, XOAUTH2 or a password, PIPELINING, SIZE, 8BITMIME and
 * SMTPUTF8 where the server has them. The call's signal ends the connection at any point.
 */
export const openSmtpSession: OpenOutgoingSession = async (login, call) => {
  demandTls(login);
  let link: SmtpLink | undefined;
  try {
    link = await openSmtpLink(login, call.signal);
    await link.step(idlePatience, (connection, done) => {
      connection.login(toSmtpAuth(login), done);
    });
    return createSession(link, login);
  } catch (thrown) {
    link?.destroy();
    throw toSmtpError(thrown, login);
  }
};

function createSession(link: SmtpLink, login: MailLogin): OutgoingSession {
  /** A refused message leaves its envelope with the server (RFC 5321 4.1.1.5). */
  let mustReset = false;

  return {
    get usable() {
      return link.alive;
    },
    async send(envelope, content, size) {
      demandUtf8(link, envelope);
      const context = { ...login, from: envelope.from, size };
      if (mustReset) await reset(link).catch((thrown: unknown) => Promise.reject(toSmtpError(thrown, context)));
      mustReset = true;
      const result = await handOver(link, envelope, content, size).catch((thrown: unknown) =>
        Promise.reject(toSmtpError(thrown, context)),
      );
      mustReset = false;
      return result;
    },
    close: () => link.close(),
  };
}

/** A local part beyond ASCII has no other form: without SMTPUTF8 (RFC 6531) it would arrive as another address, or not at all. */
function demandUtf8(link: SmtpLink, { from, to }: Envelope): void {
  const needing = [from, ...to].find((address) => !/^\p{ASCII}*$/u.test(asciiDomain(address)));
  if (needing === undefined || link.supports('SMTPUTF8')) return;
  throw new GatewayError('message-refused', `The mail server has no SMTPUTF8, which ${needing} needs.`, {
    data: { remedy: 'Use an address whose local part is plain ASCII, or a server that has SMTPUTF8.' },
  });
}

async function reset(link: SmtpLink): Promise<void> {
  try {
    await link.step(idlePatience, (connection, done) => {
      connection.reset(done);
    });
  } catch (error) {
    link.destroy();
    throw error;
  }
}

/** @throws GatewayError `outcome-unknown`, or what the content threw, or nodemailer's error when the message was not taken. */
async function handOver(
  link: SmtpLink,
  envelope: Envelope,
  content: Uint8Array | Readable,
  size: number,
): Promise<SendResult> {
  const outgoing = createOutgoingContent(content, size, (complete) => {
    link.extend(complete ? answerPatience : idlePatience);
  });
  const wire = { from: asciiDomain(envelope.from), to: envelope.to.map(asciiDomain), size, use8BitMime: true };
  try {
    const patience = idlePatience + envelope.to.length * recipientPatience;
    const info = await link.step<SMTPConnectionSendInfo>(patience, (connection, done) => {
      connection.send(wire, outgoing.stream, done);
    });
    return resultOf(envelope, info);
  } catch (error) {
    // Refused or broken in the middle of the content: the server still reads content, no command can follow.
    if (!outgoing.untouched && !outgoing.complete) link.destroy();
    if (outgoing.failure !== undefined) throw toGatewayError(outgoing.failure.cause);
    if (outgoing.complete && !isRefusal(error)) {
      link.destroy();
      throw new GatewayError(
        'outcome-unknown',
        'The connection broke after the message was handed over and before the server answered.',
        { cause: error, data: { remedy: 'Look for the message in Sent Items before it is sent again.' } },
      );
    }
    throw error;
  } finally {
    outgoing.release();
  }
}

function resultOf(envelope: Envelope, info: SMTPConnectionSendInfo): SendResult {
  const refusals = new Map((info.rejectedErrors ?? []).map(({ recipient, response }) => [recipient, response ?? '']));
  // Exchange names the Message-ID, which may be another than it was given; others name something of their own.
  const [, messageId] = /^250 2\.0\.0 OK (<[^<>\s@]+@[^<>\s@]+>)/.exec(info.response) ?? [];
  return {
    ...(messageId !== undefined && { messageId }),
    reply: shortReply(info.response),
    recipients: envelope.to.map((address) => {
      const reply = refusals.get(asciiDomain(address));
      return reply === undefined ? { address, accepted: true } : { address, accepted: false, reply: shortReply(reply) };
    }),
  };
}
