import { expect, test } from 'vitest';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

const recipients = async (...lines: string[]) =>
  (await mimeParser.parseHeaders(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))).recipients;

test.each<[string[], string[]]>([
  [['To: Ada <Ada@Contoso.com>, bob@contoso.com'], ['ada@contoso.com', 'bob@contoso.com']],
  [
    ['To: ada@contoso.com', 'Delivered-To: sales@contoso.com'],
    ['sales@contoso.com', 'ada@contoso.com'],
  ],
  [
    ['Delivered-To: one@x.example', 'Delivered-To: two@x.example'],
    ['one@x.example', 'two@x.example'],
  ],
  [['X-Original-To: alias@x.example', 'Cc: alias@x.example'], ['alias@x.example']],
  [['Envelope-To: <info@x.example>'], ['info@x.example']],
  [
    ['X-Forwarded-To: ada@contoso.com', 'Resent-To: r@x.example'],
    ['ada@contoso.com', 'r@x.example'],
  ],
  [['Original-Recipient: rfc822;old@x.example'], ['old@x.example']],
  [['To: Team: ada@x.example, bob@x.example;'], ['ada@x.example', 'bob@x.example']],
  [['To: "eve@evil.example" <ada@contoso.com>'], ['ada@contoso.com']],
  [['To: undisclosed-recipients:;', 'Subject: to@x.example'], []],
  [[], []],
])('%j', async (lines, expected) => {
  expect(await recipients(...lines)).toEqual(expected);
});

test('thousands of recipients are not all looked at, but those that a server noted are', async () => {
  const many = Array.from({ length: 2_000 }, (_, at) => `r${at}@x.example`).join(',\r\n ');
  const found = await recipients(`To: ${many}`, 'Delivered-To: sales@contoso.com');
  expect(found).toHaveLength(500);
  expect(found[0]).toBe('sales@contoso.com');
});
