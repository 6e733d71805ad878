import { expect, test } from 'vitest';
import { composeMime } from '../../functions/mail/nodemailer-mime-composer.ts';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';
import type { MimeParts } from '../../functions/messages/compose-mime.ts';

const everyOctet = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
const long = 'A subject so long, with ümlauts and an emoji 📮, that it has to be folded over several lines '.repeat(4);
const plain: MimeParts = {
  messageId: '<one@example.com>',
  date: new Date('2026-11-23T10:11:12Z'),
  from: { name: 'Jürgen "Jü" Groß', address: 'juergen@example.com' },
  to: [{ address: 'bert@example.org' }, { name: '山田太郎', address: 'taro@example.jp' }],
  cc: [{ name: 'Doe, John', address: 'john@example.org' }],
  replyTo: [{ address: 'answers@example.com' }],
  subject: long.trim(),
  references: [],
  headers: {},
  attachments: [],
};

async function roundTrip(parts: MimeParts) {
  const raw = Buffer.from(await composeMime(parts));
  return { raw: raw.toString('latin1'), mail: await mimeParser.parse(raw) };
}

test('what was composed is what is read', async () => {
  const text = 'Grüße 📮\r\n\r\nFrom the start\r\n.a dot\r\n> quoted\r\n trailing \r\n' + 'long '.repeat(300);
  const html = '<p>Grüße <b>📮</b></p>';
  const { raw, mail } = await roundTrip({
    ...plain,
    text,
    html,
    inReplyTo: '<zero@example.com>',
    references: ['<first@example.com>', '<zero@example.com>'],
  });
  expect(mail).toMatchObject({
    messageId: '<one@example.com>',
    inReplyTo: '<zero@example.com>',
    references: ['<first@example.com>', '<zero@example.com>'],
    date: '2026-11-23T10:11:12.000Z',
    from: plain.from,
    to: plain.to,
    cc: plain.cc,
    replyTo: plain.replyTo,
    subject: plain.subject,
    attachments: [],
    flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
  });
  expect(mail.text).toBe(text.replaceAll('\r\n', '\n'));
  expect(mail.html).toBe(html);
  expect(raw).toContain('Content-Type: multipart/alternative;');
  expect(raw).not.toMatch(/X-Mailer|^Bcc/im);
});

test('every line ends with CRLF, is ASCII and no longer than SMTP allows', async () => {
  const { raw } = await roundTrip({
    ...plain,
    text: 'one\ntwo\r\nthree 📮\n' + 'x'.repeat(3000),
    attachments: [{ filename: 'a.bin', content: everyOctet }],
  });
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(raw).toMatch(/^[\t\r\n -~]*$/);
  for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
});

test('attachments arrive octet by octet under their names', async () => {
  const { mail } = await roundTrip({
    ...plain,
    text: 'See attachments.',
    attachments: [
      { filename: 'Rechnung März – 📎.pdf', contentType: 'application/pdf', content: everyOctet },
      { filename: 'data.bin', content: everyOctet.subarray(200, 300) },
      { filename: 'empty.txt', contentType: 'text/plain', content: new Uint8Array() },
    ],
  });
  const list = mail.attachments.map(({ content, ...rest }) => ({ ...rest, content: Buffer.from(content) }));
  expect(list).toEqual([
    {
      filename: 'Rechnung März – 📎.pdf',
      contentType: 'application/pdf',
      size: 1024,
      disposition: 'attachment',
      content: Buffer.from(everyOctet),
    },
    {
      filename: 'data.bin',
      contentType: 'application/octet-stream',
      size: 100,
      disposition: 'attachment',
      content: Buffer.from(everyOctet.subarray(200, 300)),
    },
    { filename: 'empty.txt', contentType: 'text/plain', size: 0, disposition: 'attachment', content: Buffer.alloc(0) },
  ]);
});

test('an inline image stands beside the HTML that shows it, an attachment with an id does not', async () => {
  const { raw, mail } = await roundTrip({
    ...plain,
    text: 'Logo',
    html: '<img src="cid:logo@example.com">',
    attachments: [
      { filename: 'logo.png', contentType: 'image/png', content: everyOctet, contentId: 'logo@example.com' },
      {
        filename: 'photo.png',
        contentType: 'image/png',
        content: everyOctet,
        contentId: 'photo@example.com',
        disposition: 'attachment',
      },
    ],
  });
  expect(raw).toMatch(/multipart\/mixed[^]*multipart\/alternative[^]*multipart\/related[^]*logo\.png[^]*photo\.png/);
  expect(mail.attachments).toMatchObject([
    { filename: 'logo.png', contentId: 'logo@example.com', disposition: 'inline' },
    { filename: 'photo.png', contentId: 'photo@example.com', disposition: 'attachment' },
  ]);
});

test('a calendar keeps its type, its method and its line ends', async () => {
  const calendar = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n';
  const { raw, mail } = await roundTrip({
    ...plain,
    text: 'Invitation',
    attachments: [
      { filename: 'invite.ics', contentType: 'text/calendar; method=REQUEST', content: Buffer.from(calendar) },
    ],
  });
  expect(raw).toMatch(/Content-Type: text\/calendar;\s+method=REQUEST/);
  expect(mail.attachments).toMatchObject([{ filename: 'invite.ics', contentType: 'text/calendar; method=REQUEST' }]);
  expect(Buffer.from(mail.attachments[0]?.content ?? []).toString()).toBe(calendar);
});

test('a message within a message stays whole', async () => {
  const inner = Buffer.from('Subject: inner\r\nFrom: x@example.com\r\n\r\nSch\u00f6n\r\n', 'latin1');
  const { mail } = await roundTrip({
    ...plain,
    text: 'See below.',
    attachments: [{ filename: 'inner.eml', contentType: 'message/rfc822', content: inner, disposition: 'attachment' }],
  });
  expect(mail.subject).toBe(plain.subject);
  expect(mail.text).toBe('See below.');
  expect(mail.attachments).toMatchObject([{ filename: 'inner.eml', contentType: 'message/rfc822' }]);
  expect(Buffer.from(mail.attachments[0]?.content ?? []).equals(inner)).toBe(true);
});

test('custom headers keep their names and values', async () => {
  const headers = {
    'X-ODOO-Objects': 'sale.order-7',
    'List-Unsubscribe': '<https://example.com/u?id=1>, <mailto:u@example.com>',
    'X-Note': 'Grüße 📮',
    'Auto-Submitted': 'auto-generated',
  };
  const { raw, mail } = await roundTrip({ ...plain, text: 'x', headers });
  expect(raw).toContain('X-ODOO-Objects: sale.order-7\r\n');
  expect(raw.replaceAll('\r\n ', ' ')).toContain(`List-Unsubscribe: ${headers['List-Unsubscribe']}\r\n`);
  expect(raw).toMatch(/X-Note: =\?UTF-8\?/);
  expect(mail.flags).toMatchObject({ autoReply: true, list: true });
});

test('an international domain is written in ASCII', async () => {
  const { raw } = await roundTrip({ ...plain, to: [{ address: 'carl@bücher.example' }], text: 'x' });
  expect(raw).toContain('To: carl@xn--bcher-kva.example\r\n');
});
