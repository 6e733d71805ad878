import { describe, expect, it } from 'vitest';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

const raw = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const lines = (...each: string[]) => raw(each.join('\r\n'));
/** A plain text in a charset, in octets or encoded. */
const plain = (charset: string, body: string | number[], encoding = '8bit') =>
  raw(
    `Content-Type: text/plain${charset && `; charset=${charset}`}\r\n`,
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n`,
    body,
  );
const header = (...octets: (string | number[])[]) => raw(...octets, '\r\n\r\nx');
const multipart = (kind: string, ...parts: string[][]) =>
  lines(`Content-Type: multipart/${kind}; boundary=x`, '', ...parts.flatMap((part) => ['--x', ...part]), '--x--');
const attached = (...headers: string[]) => lines(...headers, '', 'x');

/** What is read of a mail, without what it does not have. */
async function read(mail: Buffer): Promise<Record<string, unknown>> {
  const { flags, recipients, references, attachments, ...parsed } = await mimeParser.parse(mail);
  const files = attachments.map(({ content, ...each }) => ({
    ...each,
    content: Buffer.from(content).toString('latin1'),
  }));
  const all: Record<string, unknown> = { ...parsed, references, attachments: files };
  const isThere = ([, value]: [string, unknown]) => value !== '' && (!Array.isArray(value) || value.length > 0);
  return Object.fromEntries(Object.entries(all).filter(isThere));
}

const file = (filename: string, contentType = 'text/plain', content = 'x', more: object = {}) => ({
  attachments: [{ filename, contentType, size: content.length, disposition: 'attachment', content, ...more }],
});

const charsets: [string, Buffer, string][] = [
  ['ISO-2022-JP', plain('iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42]), '日本'],
  ['Shift_JIS', plain('Shift_JIS', [0x93, 0xfa]), '日'],
  ['Shift_JIS as Windows calls it', plain('windows-31j', [0x93, 0xfa]), '日'],
  ['GB18030', plain('gb18030', [0xc4, 0xe3, 0xba, 0xc3]), '你好'],
  ['GB2312', plain('gb2312', [0xc4, 0xe3, 0xba, 0xc3]), '你好'],
  ['Big5', plain('big5', [0xa4, 0xa4]), '中'],
  ['EUC-KR', plain('euc-kr', [0xb0, 0xa1]), '가'],
  ['Korean as Outlook calls it', plain('ks_c_5601-1987', [0xb0, 0xa1]), '가'],
  ['KOI8-R', plain('koi8-r', [0xf0, 0xd2, 0xc9]), 'При'],
  ['Hebrew', plain('iso-8859-8-i', [0xf9]), 'ש'],
  ['Macintosh', plain('macintosh', [0x8e]), 'é'],
  ['UTF-16 without a mark', plain('utf-16le', Buffer.from('Grüße', 'utf16le').toString('base64'), 'base64'), 'Grüße'],
  ['UTF-16 with a mark', plain('utf-16', Buffer.from('\uFEFFGrüße', 'utf16le').toString('base64'), 'base64'), 'Grüße'],
  ['windows-1252 that says ISO-8859-1', plain('iso-8859-1', [0x93, 0x61, 0x94, 0x80]), '“a”€'],
  ['windows-1252 that says UTF-8', plain('utf-8', [0x47, 0x72, 0xfc, 0xdf, 0x65]), 'Grüße'],
  ['windows-1252 that says nothing', plain('', [0x47, 0x72, 0xfc, 0xdf, 0x65]), 'Grüße'],
  ['UTF-8 that says nothing', plain('', 'Grüße'), 'Grüße'],
  ['UTF-8 that says US-ASCII', plain('us-ascii', 'Grüße'), 'Grüße'],
  ['UTF-8 that says it is unknown', plain('unknown-8bit', 'Grüße'), 'Grüße'],
  ['UTF-8 in quotes that are none', plain("'utf-8'", 'Grüße'), 'Grüße'],
  ['two charsets', raw('Content-Type: text/plain; charset=utf-8; charset=koi8-r\r\n\r\né'), 'é'],
  ['a mark of the byte order', plain('utf-8', '\uFEFFhello'), 'hello'],
  ['UTF-7, which stays as it is', plain('utf-7', 'Gr+APwA3w-e'), 'Gr+APwA3w-e'],
  ['no charset there is', plain('x-none', 'abc'), 'abc'],
];

const encodings: [string, Buffer, string][] = [
  ['base64 that is cut off', plain('utf-8', 'SGVsbG8gV29ybG', 'base64'), 'Hello Worl'],
  ['base64 with padding in the middle', plain('utf-8', 'SGk=SGk=', 'base64'), 'HiHi'],
  ['base64 with words in it', plain('utf-8', 'SG\r\n!!\r\nk=', 'base64'), 'Hi'],
  ['quoted-printable that is broken', plain('utf-8', 'a=ZZb=\r\nc=', 'quoted-printable'), 'a=ZZbc'],
  ['an encoding nobody knows', plain('utf-8', 'begin 644 a', 'x-uuencode'), 'begin 644 a'],
  ['a NUL', plain('utf-8', 'a\0b'), 'a\uFFFDb'],
  [
    'flowed lines',
    lines('Content-Type: text/plain; format=flowed', '', 'one ', 'two', '-- ', 'sig'),
    'one two\n-- \nsig',
  ],
  ['line ends of all kinds', raw('Subject: s\nFrom: a@x.example\r\n\nbody\r\nmore\n'), 'body\nmore'],
  ['no header', raw('\r\nbody'), 'body'],
];

const headers: [string, Buffer, Record<string, unknown>][] = [
  ['a subject in UTF-8 as it is', header('Subject: Grüße'), { subject: 'Grüße' }],
  ['a subject in windows-1252 as it is', header('Subject: Gr', [0xfc, 0xdf], 'e'), { subject: 'Grüße' }],
  ['an encoded word in KOI8-R', header('Subject: =?koi8-r?B?8NLJ18XU?='), { subject: 'Привет' }],
  ['a character cut in two words', header('Subject: =?utf-8?B?w7zD?= =?utf-8?B?nw==?='), { subject: 'üß' }],
  ['an encoded word with a language', header('Subject: =?utf-8*de?Q?Gr=C3=BC=C3=9Fe?='), { subject: 'Grüße' }],
  ['an encoded word with spaces', header('Subject: =?utf-8?Q?a b?='), { subject: 'a b' }],
  ['an encoding that is none', header('Subject: =?utf-8?X?abc?='), { subject: '=?utf-8?X?abc?=' }],
  ['a NUL in the subject', header('Subject: a\0b'), { subject: 'a b' }],
  ['a subject without end', header(`Subject: ${'x'.repeat(50_000)}`), { subject: 'x'.repeat(10_000) }],
  ['a space before the colon', header('Subject : spaced'), { subject: 'spaced' }],
  [
    'a line that is no header',
    header('Subject: one\r\nnonsense\r\nTo: a@x.example'),
    { subject: 'one', to: [{ address: 'a@x.example' }] },
  ],
  ['an mbox line', header('From a@x Mon Nov 23\r\nSubject: mbox'), { subject: 'mbox' }],
  ['two Message-IDs', header('Message-ID: <one@x>\r\nMessage-ID: <two@x>'), { messageId: '<one@x>' }],
  ['a Message-ID without brackets', header('Message-ID: one@x'), { messageId: '<one@x>' }],
  [
    'two dates',
    header('Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nDate: Tue, 24 Nov 2026 10:00:00 +0100'),
    { date: '2026-11-23T09:00:00.000Z' },
  ],
  ['a date of the last century', header('Date: Mon, 23 Nov 26 10:00 EST'), { date: '2026-11-23T15:00:00.000Z' }],
  [
    'a day in another language',
    header('Date: Mo, 23 Nov 2026 10:00:00 +0100 (MEZ)'),
    { date: '2026-11-23T09:00:00.000Z' },
  ],
  ['a date far beyond', header('Date: Mon, 23 Nov 99999 10:00:00 +0100'), {}],
  ['a date that is none', header('Date: soon'), {}],
  ['two senders', header('From: a@x.example, b@x.example'), { from: { address: 'a@x.example' } }],
  ['a sender without an address', header('From: Just A Name'), {}],
  [
    'an address in the name',
    header('From: "a@good.example" <b@evil.example>'),
    { from: { name: 'a@good.example', address: 'b@evil.example' } },
  ],
  [
    'an address in the encoded name',
    header('From: =?utf-8?q?J=C3=BC_=3Cx=40y=2Ez=3E?= <j@x.example>'),
    { from: { name: 'Jü <x@y.z>', address: 'j@x.example' } },
  ],
  ['an address beyond ASCII', header('From: jürgen@exämple.de'), { from: { address: 'jürgen@exämple.de' } }],
  ['nobody who is named', header('To: undisclosed-recipients:;'), {}],
  [
    'many recipients',
    header(`To: ${'a@x.example, '.repeat(3000)}`),
    { to: Array.from({ length: 1000 }, () => ({ address: 'a@x.example' })) },
  ],
  [
    'many references',
    header(`References: ${Array.from({ length: 500 }, (_, id) => `<${id}@x>`).join('\r\n ')}`),
    { references: ['<0@x>', ...Array.from({ length: 99 }, (_, id) => `<${id + 401}@x>`)] },
  ],
];

const names: [string, Buffer, string][] = [
  [
    'a name in pieces (RFC 2231)',
    attached('Content-Disposition: attachment; filename*0*=utf-8\'\'Gr%C3%BC; filename*1*=%C3%9Fe; filename*2=".txt"'),
    'Grüße.txt',
  ],
  [
    'a name in both forms',
    attached('Content-Disposition: attachment; filename="plain.txt"; filename*=utf-8\'\'b%C3%A9.txt'),
    'bé.txt',
  ],
  ['a name in KOI8-R', attached("Content-Disposition: attachment; filename*=koi8-r''%F0%D2%C9.txt"), 'При.txt'],
  [
    'a name in an encoded word',
    attached('Content-Disposition: attachment', 'Content-Type: text/plain; name="=?utf-8?q?b=C3=A9=2Etxt?="'),
    'bé.txt',
  ],
  ['a name in UTF-8 as it is', attached('Content-Disposition: attachment; filename="bé.txt"'), 'bé.txt'],
  [
    'a path',
    attached('Content-Disposition: attachment; filename="C:\\\\Windows\\\\..\\\\cmd.exe"'),
    'C:_Windows_.._cmd.exe',
  ],
  ['a path upwards', attached('Content-Disposition: attachment; filename="../../etc/passwd"'), '.._.._etc_passwd'],
  ['nothing but dots', attached('Content-Disposition: attachment; filename=".."'), 'attachment-1'],
  [
    'a name that is written backwards',
    attached('Content-Disposition: attachment; filename="a\u202Egpj.exe"'),
    'agpj.exe',
  ],
  [
    'a name without end',
    attached(`Content-Disposition: attachment; filename="${'n'.repeat(900)}.txt"`),
    `${'n'.repeat(251)}.txt`,
  ],
];

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

describe('what is read of a difficult mail', () => {
  it.each(charsets)('in %s', async (_, mail, text) => {
    expect(await read(mail)).toEqual({ text });
  });
  it.each(encodings)('with %s', async (_, mail, text) => {
    expect((await read(mail))['text']).toBe(text);
  });
  it.each(headers)('with %s', async (_, mail, expected) => {
    expect(await read(mail)).toEqual({ text: 'x', ...expected });
  });
  it.each(names)('with %s', async (_, mail, name) => {
    expect(await read(mail)).toEqual(file(name));
  });
  it.each(structures)('made of %s', async (_, mail, expected) => {
    expect(await read(mail)).toEqual(expected);
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
