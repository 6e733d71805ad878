import { createTransport } from 'nodemailer';
import { subject, sender, recipient, text } from './bench-mail.ts';

/** Sends so many messages with nodemailer alone: one pooled connection, never ended before its time. */
export async function sendRaw(port: number, count: number): Promise<void> {
  const transport = createTransport({
    pool: true,
    maxConnections: 1,
    maxMessages: Number.POSITIVE_INFINITY,
    host: 'localhost',
    port,
    secure: false,
    requireTLS: true,
    auth: { type: 'OAuth2', user: sender, accessToken: 'token' },
  });
  const send = () => transport.sendMail({ from: sender, to: recipient, subject, text });
  await Promise.all(Array.from({ length: count }, send));
  transport.close();
}
