import { describe, expect, it } from 'vitest';
import { lines, raw, read, readBesideFile } from './difficult-mail.ts';

/** A plain text in a charset, in octets or encoded. */
const plain = (charset: string, body: string | number[], encoding = '8bit') =>
  raw(
    `Content-Type: text/plain${charset && `; charset=${charset}`}\r\n`,
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n`,
    body,
  );

const charsets: [string, Buffer, string][] = [
  ['ISO-2022-JP', plain('iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42]), '日本'],
  ['Shift_JIS', plain('Shift_JIS', [0x93, 0xfa]), '日'],
  ['Shift_JIS as Windows calls it', plain('windows-31j', [0x93, 0xfa]), '日'],
  ['GB18030', plain('gb18030', [0xc4, 0xe3, 0xba, 0xc3]), '你好'],
  ['GB2312', plain('gb2312', [0xc4, 0xe3, 0xba, 0xc3]), '你好'],
  ['Big5', plain('big5', [0xa4, 0xa4]), '中'],
  ['EUC-KR', plain('euc-kr', [0xb0, 0xa1]), '가'],
  ['a charset in the wrong quotes', plain("'koi8-r'", [0xf0, 0xd2, 0xc9]), 'При'],
  ['a code page', plain('cp936', [0xc4, 0xe3]), '你'],
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
  [
    'text that is not base64',
    plain('utf-8', 'Hello, this is plain.\r\nAll of it.', 'base64'),
    'Hello, this is plain.\nAll of it.',
  ],
  [
    'base64 with words added at its end',
    plain('iso-8859-1', `${Buffer.from('Grüße', 'latin1').toString('base64')}\r\n-- \r\nSent to the list.`, 'base64'),
    'Grüße\n-- \nSent to the list.',
  ],
  ['base64 with litter in it', plain('utf-8', 'SG\r\n!!\r\nk=', 'base64'), 'Hi'],
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

describe('the text of a difficult mail', () => {
  it.each(charsets)('in %s', async (_, mail, text) => {
    expect(await read(mail)).toEqual({ text });
    expect(await readBesideFile(mail)).toEqual({ text });
  });
  it.each(encodings)('with %s', async (_, mail, text) => {
    expect((await read(mail))['text']).toBe(text);
    expect((await readBesideFile(mail))['text']).toBe(text);
  });
});
