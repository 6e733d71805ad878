import { expect, test } from 'vitest';
import { openSmtpSession } from '../../functions/mail/smtp-message-sender.ts';
import { mailCall } from './mail-call.ts';
import { annasLogin, startTestSmtpServer } from './test-smtp-server.ts';
import { trustedAuthority } from './trusted-authority.ts';

const tls = await (await trustedAuthority()).issue(['localhost']);
const content = Buffer.from('Subject: Hello\r\n\r\nHello\r\n');
const send = async (port: number, from: string, to: string) => {
  const session = await openSmtpSession(annasLogin(port), mailCall());
  try {
    return await session.send({ from, to: [to] }, content, content.length);
  } finally {
    await session.close();
  }
};

test('an international domain needs nothing of the server', async () => {
  const server = await startTestSmtpServer(tls, { hideSMTPUTF8: true });
  await send(server.port, 'anna@bücher.example', 'bert@почта.example');
  // The test server shows xn-- names in their own letters.
  expect(server.taken.map(({ from, to }) => [from, ...to])).toEqual([['anna@bücher.example', 'bert@почта.example']]);
});

test('a local part beyond ASCII goes to a server that has SMTPUTF8', async () => {
  const server = await startTestSmtpServer(tls);
  await send(server.port, 'anna@example.com', 'jörg@example.org');
  expect(server.taken.map(({ to }) => to)).toEqual([['jörg@example.org']]);
});

test.each([
  ['jörg@example.com', 'bert@example.org'],
  ['anna@example.com', 'jörg@example.org'],
])(
  'a local part beyond ASCII is refused for a server without it, before anything is said: %s to %s',
  async (from, to) => {
    const server = await startTestSmtpServer(tls, { hideSMTPUTF8: true });
    await expect(send(server.port, from, to)).rejects.toMatchObject({
      code: 'message-refused',
      message: expect.stringMatching(/SMTPUTF8, which jörg@/) as string,
      data: { remedy: expect.stringContaining('ASCII') as string },
    });
    expect(server.taken).toEqual([]);
  },
);
