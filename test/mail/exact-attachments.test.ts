import { expect, test } from 'vitest';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

const multipart = (...parts: string[][]) =>
  Buffer.from(
    [
      'Subject: parts',
      'Content-Type: multipart/mixed; boundary="=_b 1"',
      '',
      'preamble',
      ...parts.flatMap((part) => ['--=_b 1', ...part]),
      '--=_b 1--',
      'epilogue',
    ].join('\r\n'),
    'latin1',
  );
const attached = (encoding: string, body: string, type = 'text/plain') => [
  `Content-Type: ${type}`,
  'Content-Disposition: attachment; filename=a',
  `Content-Transfer-Encoding: ${encoding}`,
  '',
  body,
];
const base64 = (content: string) => attached('base64', Buffer.from(content, 'latin1').toString('base64'));

async function contentsOf(raw: Buffer): Promise<string[]> {
  return (await mimeParser.parse(raw)).attachments.map(({ content }) => Buffer.from(content).toString('latin1'));
}

test.each([
  ['7bit', 'one\r\ntwo\r\n', 'one\r\ntwo\r\n'],
  ['7bit', 'no line end', 'no line end'],
  ['7bit', '', ''],
  ['7bit', '\r\n\r\n', '\r\n\r\n'],
  ['8bit', 'bare\nfeeds\rand\xe9', 'bare\nfeeds\rand\xe9'],
  ['binary', 'a\r\r\nb', 'a\r\r\nb'],
  ['quoted-printable', 'soft=\r\n break=20\r\n=E9=0A=0D', 'soft break \r\n\xe9\n\r'],
  ['Quoted-Printable', 'not =ZZ hex, ends softly=', 'not =ZZ hex, ends softly'],
  ['', 'no encoding\r\n', 'no encoding\r\n'],
  ['base64', 'b25lDQo=', 'one\r\n'],
])('%s %j is %j', async (encoding, body, content) => {
  expect(await contentsOf(multipart(attached(encoding, body)))).toEqual([content]);
});

test('each attachment has its own line ends, the body that reads the same has none of them', async () => {
  const raw = multipart(
    ['Content-Type: text/plain', '', 'same'],
    base64('same\n'),
    attached('7bit', 'same'),
    attached('7bit', 'same\r\n'),
    base64('same'),
    ['Content-Type: message/rfc822', '', 'Subject: inner', '', 'x', ''],
  );
  expect(await contentsOf(raw)).toEqual(['same\n', 'same', 'same\r\n', 'same', 'Subject: inner\r\n\r\nx\r\n']);
});

test('parts within parts, and a message that is nothing but an attachment', async () => {
  const inner = [
    'Content-Type: multipart/related;',
    ' boundary=inner',
    '',
    '--inner',
    ...attached('7bit', 'a\r\n\r\nb'),
  ];
  expect(await contentsOf(multipart([...inner, '--inner--'], attached('7bit', 'c\r\n')))).toEqual([
    'a\r\n\r\nb',
    'c\r\n',
  ]);
  expect(await contentsOf(Buffer.from('Content-Type: text/csv\r\n\r\na;b\r\nc;d\r\n'))).toEqual(['a;b\r\nc;d\r\n']);
});

test('a calendar in base64 keeps its line ends', async () => {
  const calendar = 'BEGIN:VCALENDAR\nEND:VCALENDAR\n';
  const part = attached('base64', Buffer.from(calendar).toString('base64'), 'text/calendar; charset=utf-8');
  expect(await contentsOf(multipart(part))).toEqual([calendar]);
});

test('where the parts cannot be told, attachments are what the parser read', async () => {
  const raw = multipart(attached('7bit', 'a\r\nb')).toString('latin1');
  const disguised = raw.replace('boundary="=_b 1"', "boundary*=us-ascii''%3D_b%201");
  expect(await contentsOf(Buffer.from(disguised, 'latin1'))).toEqual(['a\nb\n']);
});

test('lines made to be slow to read are not', async () => {
  const slow = attached('7bit', 'x', `text/plain; a=${'\r'.repeat(300_000)}x`);
  const began = performance.now();
  await contentsOf(multipart(slow, attached('quoted-printable', '=\r'.repeat(300_000))));
  expect(performance.now() - began).toBeLessThan(3000);
});
