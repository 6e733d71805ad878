import type { SMTPConnectionAuth, SMTPConnectionCustomAuthHandler } from 'nodemailer/lib/smtp-connection';
import type { MailLogin } from '../servers/mail-login.ts';

/**
 * nodemailer's own XOAUTH2 answers a challenge by a second attempt with the same token, and repeated failures count
 * against a mailbox; and it lets a handler of its own name be passed over for PLAIN. Hence one of another name.
 */
const bearerMethod = 'BEARER';

/**
 * SASL XOAUTH2 with the token as it is (learn.microsoft.com: how-to-authenticate-an-imap-pop-smtp-application). A
 * refusal may come as a challenge (334, with JSON in it): the empty answer to that brings the real reply.
 */
const bearer: SMTPConnectionCustomAuthHandler = async (exchange) => {
  const { user, pass } = exchange.auth.credentials;
  const response = Buffer.from(`user=${user}\x01auth=Bearer ${pass}\x01\x01`).toString('base64');
  let reply = await exchange.sendCommand(`AUTH XOAUTH2 ${response}`);
  if (reply.status === 334) reply = await exchange.sendCommand('');
  if (reply.status !== 235) throw new Error('Login refused');
};

const senderMethod = 'SENDER';

/**
 * MAIL FROM and nothing after it. nodemailer sends an envelope only as a whole and right on to the message; what it gives
 * a login of one's own is the one way to send a single command.
 */
const nameSender: SMTPConnectionCustomAuthHandler = async (exchange) => {
  const { user: from } = exchange.auth.credentials;
  const utf8 = /\P{ASCII}/u.test(from) && exchange.extensions.includes('SMTPUTF8') ? ' SMTPUTF8' : '';
  const { status } = await exchange.sendCommand(`MAIL FROM:<${from}>${utf8}`);
  if (status !== 250) throw new Error('Sender refused');
};

/** For nodemailer's `customAuth`. */
export const tokenLogins = { [bearerMethod]: bearer, [senderMethod]: nameSender };

/** For nodemailer's `login`, after the real one: names a sender. */
export function toSenderStep(from: string): SMTPConnectionAuth {
  return { method: senderMethod, user: from };
}

/** For nodemailer's `login`: a password goes by the first method the server offers (PLAIN, LOGIN, CRAM-MD5). */
export function toSmtpAuth({ user, proof }: MailLogin): SMTPConnectionAuth {
  const credentials = { user, pass: proof.secret.reveal() };
  return proof.kind === 'token' ? { ...credentials, method: bearerMethod } : credentials;
}
