import { expect, test } from 'vitest';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

const lines = (...each: string[]) => Buffer.from(each.join('\r\n'));
const headers = (...each: string[]) => mimeParser.parseHeaders(lines(...each, '', 'body'));

test('headers alone are read from a head that ends anywhere after them', async () => {
  const head = lines(
    'From: "Doe, Anna" <anna@example.com>',
    'To: Team: bert@example.org, =?utf-8?q?J=C3=BCrgen?= <j@example.org>;, undisclosed',
    'Subject: =?utf-8?b?R3LDvMOfZSDwn5Ou?=',
    'Date: Mon, 23 Nov 2026 11:00:00 +0100',
    'Message-ID: <a@b>',
    'References: <one@b>',
    ' <two@b>',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/pl',
  );
  expect(await mimeParser.parseHeaders(head)).toEqual({
    messageId: '<a@b>',
    references: ['<one@b>', '<two@b>'],
    from: { name: 'Doe, Anna', address: 'anna@example.com' },
    to: [{ address: 'bert@example.org' }, { name: 'Jürgen', address: 'j@example.org' }],
    cc: [],
    recipients: ['bert@example.org', 'j@example.org'],
    replyTo: [],
    subject: 'Grüße 📮',
    date: '2026-11-23T10:00:00.000Z',
    flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
  });
});

test.each([
  ['Message-ID: <a@b>', '<a@b>'],
  ['Message-ID: a@b', '<a@b>'],
  ['Message-ID:\r\n <a@b> (comment)', '<a@b>'],
  ['Message-ID: <very-long-\r\n id@b>', '<very-long-id@b>'],
  ['Message-ID: ', undefined],
  ['Message-ID: <>', undefined],
])('%j is the id %j', async (header, id) => {
  expect((await headers(header)).messageId).toBe(id);
});

const report = (type: string) => `Content-Type: multipart/report; report-type=${type}; boundary="x"`;
test.each([
  [['Subject: hello'], []],
  [['Auto-Submitted: auto-replied'], ['autoReply']],
  [['Auto-Submitted: auto-generated; owner=x'], ['autoReply']],
  [['Auto-Submitted: No'], []],
  [['X-Auto-Response-Suppress: All'], []],
  [['X-Autoreply: yes'], ['autoReply']],
  [['Precedence: auto_reply'], ['autoReply']],
  [['Precedence: bulk'], ['list']],
  [['Precedence: list'], ['list']],
  [['List-Id: <x.example.com>'], ['list']],
  [['List-Unsubscribe: <mailto:x@example.com>'], ['list']],
  [[report('delivery-status')], ['bounce']],
  [[report('"delivery-status"')], ['bounce']],
  [['Content-Type: Multipart/Report; boundary=x;\r\n Report-Type=delivery-status'], ['bounce']],
  [['Return-Path: <>', 'From: Mail Delivery <MAILER-DAEMON@example.com>'], ['bounce']],
  [['Return-Path: <>', 'From: postmaster@example.com'], ['bounce']],
  [['Return-Path: <>', 'From: anna@example.com'], []],
  [['From: postmaster@example.com'], []],
  [[report('disposition-notification')], ['readReceipt']],
])('%j is flagged %j', async (given, expected) => {
  const { flags } = await headers(...given);
  expect(Object.entries(flags).flatMap(([flag, on]) => (on ? [flag] : []))).toEqual(expected);
});

test('hidden line breaks and paths do not come out of encoded words', async () => {
  const mail = await mimeParser.parse(
    lines(
      `Subject: =?utf-8?b?${Buffer.from('one\r\nBcc: x@example.com').toString('base64')}?=`,
      `From: =?utf-8?b?${Buffer.from('A\nB').toString('base64')}?= <a@example.com>`,
      'Content-Type: application/pdf; name="../../etc/passwd"',
      'Content-Disposition: attachment',
      '',
      'x',
    ),
  );
  expect(mail.subject).toBe('one Bcc: x@example.com');
  expect(mail.from?.name).toBe('A B');
  expect(mail.attachments[0]?.filename).toBe('.._.._etc_passwd');
});

test('attachments without a name get one', async () => {
  const part = (type: string) => ['--x', `Content-Type: ${type}`, 'Content-Disposition: attachment', '', 'x'];
  const mail = await mimeParser.parse(
    lines(
      'Content-Type: multipart/mixed; boundary=x',
      '',
      ...part('message/rfc822'),
      ...part('text/calendar'),
      ...part('image/png'),
      '--x--',
    ),
  );
  expect(mail.attachments.map(({ filename }) => filename)).toEqual(['message.eml', 'invite.ics', 'attachment-3']);
});

test('bad mail is never an exception', async () => {
  const nested = Array.from({ length: 500 }, (_, at) => [
    `Content-Type: multipart/mixed; boundary=b${String(at)}`,
    '',
    `--b${String(at)}`,
  ]).flat();
  const bad: [Buffer, string][] = [
    [Buffer.alloc(0), ''],
    [Buffer.from('no headers at all'), ''],
    [Buffer.from([0, 255, 254, 13, 10, 13, 10, 0]), ''],
    [lines('Subject: cut', 'Content-Type: multipart/mixed; boundary="x', '', '--x'), 'cut'],
    [lines('Subject: base64', 'Content-Transfer-Encoding: base64', '', '****'), 'base64'],
    [lines('Subject: charset', 'Content-Type: text/plain; charset=none-such', '', 'x'), 'charset'],
    [lines('Subject: nested', ...nested), 'nested'],
    [lines('Subject: headers', `X-Long: ${'x'.repeat(2_000_000)}`, '', 'x'), 'headers'],
    [lines('From: (((', 'To: <<<>>>', 'Date: yesterday', 'Subject: odd', '', 'x'), 'odd'],
  ];
  for (const [raw, subject] of bad) {
    expect((await mimeParser.parse(raw)).subject).toBe(subject);
    expect((await mimeParser.parseHeaders(raw)).subject).toBe(subject);
  }
  expect((await mimeParser.parse(lines('Date: yesterday', '', 'x'))).date).toBeUndefined();
});

test('a message of millions of parts is not taken apart', async () => {
  const raw = lines('Subject: parts', 'Content-Type: multipart/mixed; boundary=x', '', '--x\r\n'.repeat(3_000_000));
  const mail = await mimeParser.parse(raw);
  expect(mail).toMatchObject({ subject: 'parts', text: '', attachments: [] });
});

test('no more than a thousand attachments are kept', async () => {
  const part = ['--x', 'Content-Type: image/png', '', 'x'];
  const mail = await mimeParser.parse(
    lines('Content-Type: multipart/mixed; boundary=x', '', ...Array.from({ length: 1500 }, () => part).flat(), '--x--'),
  );
  expect(mail.attachments).toHaveLength(1000);
});
