import { describe, expect, it } from 'vitest';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';
import { file, lines, multipart, raw, read, readBesideFile } from './difficult-mail.ts';

const structures: [string, Buffer, Record<string, unknown>][] = [
  [
    'alternatives',
    multipart('alternative', ['', 'plain'], ['Content-Type: text/html', '', '<p>html</p>']),
    { text: 'plain', html: '<p>html</p>' },
  ],
  ['HTML alone', lines('Content-Type: text/html', '', '<p>html</p>'), { html: '<p>html</p>' }],
  [
    'HTML that says its charset inside',
    raw('Content-Type: text/html\r\n\r\n<meta charset="koi8-r"><p>', [0xf0], '</p>'),
    { html: '<meta charset="koi8-r"><p>П</p>' },
  ],
  ['two texts', multipart('mixed', ['', 'one'], ['', 'two']), { text: 'one\n\ntwo' }],
  [
    'a text and HTML, one after the other',
    multipart('mixed', ['', 'one'], ['Content-Type: text/html', '', '<b>two</b>']),
    { text: 'one\n\ntwo', html: '<div>one</div>\n<b>two</b>' },
  ],
  [
    'an invitation',
    multipart(
      'alternative',
      ['', 'plain'],
      ['Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR', 'END:VCALENDAR'],
    ),
    { text: 'plain', ...file('invite.ics', 'text/calendar; method=REQUEST', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR') },
  ],
  [
    'winmail.dat',
    multipart(
      'mixed',
      ['', 'see'],
      ['Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', '', 'eJ8+Ig=='],
    ),
    { text: 'see', ...file('winmail.dat', 'application/ms-tnef', '\x78\x9f\x3e\x22') },
  ],
  [
    'an image in the text',
    multipart(
      'related',
      ['Content-Type: text/html', '', '<img src="cid:logo@x">'],
      ['Content-Type: image/png; name=a.png', 'Content-ID: <logo@x>', '', 'png'],
    ),
    {
      html: '<img src="cid:logo@x">',
      ...file('a.png', 'image/png', 'png', { contentId: 'logo@x', disposition: 'inline' }),
    },
  ],
  [
    'a signed mail',
    multipart('signed', ['', 'hello'], ['Content-Type: application/pkcs7-signature; name=smime.p7s', '', 'sig']),
    { text: 'hello', ...file('smime.p7s', 'application/pkcs7-signature', 'sig') },
  ],
  [
    'a mail within the mail',
    multipart('mixed', ['', 'see'], ['Content-Type: message/rfc822', '', 'Subject: inner', '', 'in']),
    { text: 'see', ...file('message.eml', 'message/rfc822', 'Subject: inner\r\n\r\nin') },
  ],
  [
    'a multipart that says it is base64',
    lines(
      'Content-Type: multipart/mixed; boundary=x',
      'Content-Transfer-Encoding: base64',
      '',
      '--x',
      '',
      'a',
      '--x--',
    ),
    { text: 'a' },
  ],
  ['a type without a semicolon', raw('Content-Type: text/plain charset=koi8-r\r\n\r\n', [0xf0]), { text: 'П' }],
  ['a type that is empty', lines('Content-Type:', '', 'x'), { text: 'x' }],
  ['half a type', lines('Content-Type: text', '', 'x'), { text: 'x' }],
  [
    'a multipart without a semicolon',
    lines('Content-Type: multipart/mixed boundary=x', '', '--x', 'Content-Type: text/html', '', '<p>x</p>', '--x--'),
    { html: '<p>x</p>' },
  ],
  [
    'lines ended by CR alone',
    raw('Subject: s\rContent-Type: text/html\r\r<p>\rx</p>'),
    { subject: 's', html: '<p>\nx</p>' },
  ],
  [
    'a multipart that is cut off',
    lines('Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'half'),
    { text: 'half' },
  ],
];

const unread: [string, Buffer, RegExp][] = [
  [
    'a multipart without a boundary',
    lines('Subject: s', 'Content-Type: multipart/mixed', '', '--x', '', 'a', '--x--'),
    /not told from each other/,
  ],
  [
    'a multipart with an empty boundary',
    lines('Subject: s', 'Content-Type: multipart/mixed; boundary=""', '', '--', '', 'a', '----'),
    /not told from each other/,
  ],
  [
    'more parts than anybody writes',
    lines('Subject: s', 'Content-Type: multipart/mixed; boundary=x', '', '--x\r\n\r\n'.repeat(30_000)),
    /Too many parts/,
  ],
  [
    'parts in parts without end',
    lines(
      'Subject: s',
      ...Array.from({ length: 400 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}`),
    ),
    /Only its headers/,
  ],
  ['headers without end', lines('Subject: s', `X-Long: ${'x'.repeat(1_100_000)}`, '', 'x'), /Only its headers/],
  [
    'ten thousand attachments',
    multipart('mixed', ...Array.from({ length: 10_000 }, () => ['Content-Type: a/b', '', 'x'])),
    /10000 attachments/,
  ],
  ['ten million lines', raw('Subject: s\r\n\r\n', '\n'.repeat(10_000_000)), /text is cut/],
  ['ten megabytes of text', raw('Subject: s\r\n\r\n', 'x'.repeat(10_000_000)), /text is cut/],
  [
    'a preamble of ten million lines',
    lines('Subject: s', 'Content-Type: multipart/mixed; boundary=x', '', '\n'.repeat(10_000_000), '--x', '', 'a'),
    /Only its headers/,
  ],
];

describe('a difficult mail', () => {
  it.each(structures)('made of %s', async (_, mail, expected) => {
    expect(await read(mail)).toEqual(expected);
    if (mail.includes('\n')) expect(await readBesideFile(mail)).toEqual(expected);
  });
  it.each(unread)('is said to be not all, with %s, and comes soon', async (_, mail, why) => {
    const began = performance.now();
    const { subject = 's', incomplete } = (await read(mail)) as { subject?: string; incomplete?: string };
    expect(incomplete).toMatch(why);
    expect(subject).toBe('s');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('a large mail', () => {
  it('is read without holding its attachments, which come whole', async () => {
    const large = Buffer.alloc(12_000_000, 'The quick brown fox ');
    const encoded = large.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
    const mail = multipart(
      'mixed',
      ['Content-Type: text/plain; charset=utf-8', '', 'Grüße'],
      ['Content-Type: application/x; name=one', 'Content-Transfer-Encoding: base64', '', encoded],
      ['Content-Type: text/plain; name=two', 'Content-Disposition: attachment', '', 'two\r\nlines'],
    );
    const { text, attachments, incomplete } = await mimeParser.parse(mail);
    expect({ text, incomplete }).toEqual({ text: 'Grüße', incomplete: undefined });
    expect(attachments.map(({ filename, size }) => [filename, size])).toEqual([
      ['one', large.length],
      ['two', 10],
    ]);
    expect(Buffer.from(attachments[0]?.content ?? []).equals(large)).toBe(true);
    expect(Buffer.from(attachments[1]?.content ?? []).toString()).toBe('two\r\nlines');
  });
});
