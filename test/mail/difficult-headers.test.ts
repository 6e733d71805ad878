import { describe, expect, it } from 'vitest';
import { file, lines, raw, read, readBesideFile } from './difficult-mail.ts';

const header = (...octets: (string | number[])[]) => raw(...octets, '\r\n\r\nx');
const attached = (...headers: string[]) => lines(...headers, '', 'x');

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
  [
    'a date with spaces and comments in it',
    header('Date: Fri, 21 Nov 1997 09(comment):   55  :  06 -0600'),
    { date: '1997-11-21T15:55:06.000Z' },
  ],
  [
    'comments in addresses and beside them (RFC 5322 A.5)',
    header(
      'From: Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>\r\n',
      "To:A Group(Some people)\r\n :Chris Jones <c@(Chris's host.)public.example>,\r\n joe@example.org,\r\n",
      '  John <jdoe@one.test> (my dear friend); (the end of the group)\r\n',
      'Cc:(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;\r\nReply-To: pete@silly.test (Pete)',
    ),
    {
      from: { name: 'Pete', address: 'pete@silly.test' },
      to: [
        { name: 'Chris Jones', address: 'c@public.example' },
        { address: 'joe@example.org' },
        { name: 'John', address: 'jdoe@one.test' },
      ],
      replyTo: [{ name: 'Pete', address: 'pete@silly.test' }],
    },
  ],
  [
    'white space in addresses (RFC 5322 A.6)',
    header(
      'From: John Q. Doe <jdoe@machine(comment).  example>\r\nTo: , jdoe@test  . example, "A ( . B" <b@test . example>',
    ),
    {
      from: { name: 'John Q. Doe', address: 'jdoe@machine.example' },
      to: [{ address: 'jdoe@test.example' }, { name: 'A ( . B', address: 'b@test.example' }],
    },
  ],
  [
    'a comment without an end',
    header('To: a@x.example, (b@x.example'),
    { to: [{ address: 'a@x.example' }, { address: 'b@x.example' }] },
  ],
  ['an address as a link', header('From: <mailto:a@x.example>'), { from: { address: 'a@x.example' } }],
  [
    'a date in a zone nobody knows',
    header('Date: Mon, 23 Nov 2026 10:00:00 JST'),
    { date: '2026-11-23T10:00:00.000Z' },
  ],
  ['a date and more', header('Date: Mon, 23 Nov 2026 10:00:00 +0100 From: a'), { date: '2026-11-23T09:00:00.000Z' }],
  ['a date far beyond', header('Date: Mon, 23 Nov 99999 10:00:00 +0100'), {}],
  ['a date that is none', header('Date: soon'), {}],
  ['two senders', header('From: a@x.example, b@x.example'), { from: { address: 'a@x.example' } }],
  [
    'a sender with the way there',
    header('From: A <@relay.example,@two.example:a@x.example>'),
    { from: { name: 'A', address: 'a@x.example' } },
  ],
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

describe('the headers of a difficult mail', () => {
  it.each(headers)('with %s', async (_, mail, expected) => {
    expect(await read(mail)).toEqual({ text: 'x', ...expected });
    expect(await readBesideFile(mail)).toEqual({ text: 'x', ...expected });
  });
  it.each(names)('an attachment that has %s', async (_, mail, name) => {
    expect(await read(mail)).toEqual(file(name));
    expect(await readBesideFile(mail)).toEqual(file(name));
  });
});
