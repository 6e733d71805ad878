import type { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';

// What smtp-server says, and what Exchange Online says in its place.
const replies: Record<string, string> = {
  'Ready to start TLS': '220 2.0.0 SMTP server ready',
  'Authentication successful': '235 2.7.0 Authentication successful',
  'Error: Must issue a STARTTLS command first': '530 5.7.0 Must issue a STARTTLS command first',
  'Error: Unrecognized authentication type': '504 5.7.4 Unrecognized authentication type',
  'Error: invalid userdata': '535 5.7.3 Authentication unsuccessful',
  'Error: too many recipients': '452 4.5.3 Too many recipients',
  'End data with <CR><LF>.<CR><LF>': '354 Start mail input; end with <CRLF>.<CRLF>',
  Flushed: '250 2.0.0 Resetting',
  OK: '250 2.0.0 OK',
  Bye: '221 2.0.0 Service closing transmission channel',
};
const repliesByContext: Record<string, string> = {
  MAIL_FROM_OK: '250 2.1.0 Sender OK',
  RCPT_TO_OK: '250 2.1.5 Recipient OK',
  MESSAGE_TOO_BIG: '552 5.3.4 Message size exceeds fixed maximum message size',
};

/** Makes a connection of smtp-server speak as Exchange Online does. */
export function speakLikeExchange(connection: SMTPConnection): void {
  const send = connection.send.bind(connection);
  connection.send = (code, data, context) => {
    const reply = repliesByContext[String(context)] ?? replies[String(data)];
    if (Array.isArray(data)) send(code, toCapabilities(data), context);
    else if (reply === undefined) send(code, data, context);
    else send(Number(reply.slice(0, 3)), reply.slice(4), context);
  };
}

/** EHLO announces LOGIN and XOAUTH2; PLAIN is answered nevertheless, to say what is wrong with it. */
function toCapabilities(lines: readonly string[]) {
  const announced = lines.map((line) => (line.startsWith('AUTH ') ? 'AUTH LOGIN XOAUTH2' : line));
  return [...announced, 'ENHANCEDSTATUSCODES'];
}
