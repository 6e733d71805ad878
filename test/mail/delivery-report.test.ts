import { describe, expect, it } from 'vitest';
import { createNonDeliveryReport } from '../../dev/microsoft365/smtp/non-delivery-report.ts';
import { mimeParser } from '../../functions/mail/postal-mime-parser.ts';

const original = ['From: a@contoso.example', 'Message-ID: <sent@contoso.example>', 'Subject: Hi', '', 'Hello', ''];

interface Parts {
  readonly status: readonly string[];
  readonly type?: string;
  readonly encoding?: string;
  readonly returned?: readonly string[];
  readonly returnedType?: string;
  readonly headers?: readonly string[];
}

/** A report as servers send it: words for people, the status, and what is returned. */
function report({ status, returned, headers = [], ...more }: Parts): Buffer {
  const { type = 'message/delivery-status', encoding, returnedType = 'message/rfc822' } = more;
  const body = encoding === 'base64' ? [Buffer.from(status.join('\r\n')).toString('base64')] : status;
  const lines = [
    'From: MAILER-DAEMON@mx.example',
    ...headers,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    ...['--b', 'Content-Type: text/plain', '', 'Sorry.', ''],
    ...['--b', `Content-Type: ${type}`, ...(encoding ? [`Content-Transfer-Encoding: ${encoding}`] : []), '', ...body],
    ...(returned ? ['', '--b', `Content-Type: ${returnedType}`, '', ...returned] : []),
    '--b--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

const postfix = [
  'Reporting-MTA: dns; mx.example',
  'Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000',
  '',
  'Final-Recipient: rfc822; new@else.example',
  'Original-Recipient: rfc822;Old@Else.example',
  'Action: failed',
  'Status: 5.1.1',
  'Diagnostic-Code: smtp; 550 5.1.1 <new@else.example>: Recipient address',
  '    rejected: User unknown',
  '',
  'Final-Recipient: rfc822; slow@else.example',
  'Action: Delayed',
  'Status: 4.4.1 (connection timed out)',
];

describe('a delivery status notification', () => {
  it('is read as Exchange sends it', async () => {
    const raw = createNonDeliveryReport(
      'a@contoso.example',
      'gone@contoso.example',
      Buffer.from(original.join('\r\n')),
    );
    expect(await mimeParser.parseReport(raw)).toEqual({
      messageIds: ['<sent@contoso.example>'],
      recipients: [
        {
          addresses: ['gone@contoso.example'],
          action: 'failed',
          code: '5.1.10',
          reason: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
        },
      ],
    });
  });

  it('is read as Postfix sends it, recipient by recipient', async () => {
    const raw = report({ status: postfix, returned: original, headers: ['References: <other@contoso.example>'] });
    expect(await mimeParser.parseReport(raw)).toEqual({
      messageIds: ['<sent@contoso.example>', '<other@contoso.example>'],
      recipients: [
        {
          addresses: ['Old@Else.example', 'new@else.example'],
          action: 'failed',
          code: '5.1.1',
          reason: '550 5.1.1 <new@else.example>: Recipient address rejected: User unknown',
        },
        { addresses: ['slow@else.example'], action: 'delayed', code: '4.4.1', reason: '' },
      ],
    });
  });

  it.each([
    ['headers alone', { returnedType: 'text/rfc822-headers', returned: original.slice(0, 3) }],
    ['an encoded status', { encoding: 'base64', returned: original }],
    ['addresses beyond ASCII', { type: 'message/global-delivery-status', returned: original }],
    ['a replaced Message-ID', { returned: ['Message-ID: <new@x>', `X-Microsoft-Original-${original[1] ?? ''}`] }],
  ] as const)('is understood with %s', async (_name, parts) => {
    const read = await mimeParser.parseReport(report({ status: postfix, ...parts }));
    expect(read?.messageIds).toContain('<sent@contoso.example>');
    expect(read?.recipients).toHaveLength(2);
  });

  it('that is cut off in what it returns is read all the same', async () => {
    const raw = report({ status: postfix, returned: [...original, 'x'.repeat(1000)] });
    const read = await mimeParser.parseReport(raw.subarray(0, raw.byteLength - 900));
    expect(read).toMatchObject({ messageIds: ['<sent@contoso.example>'], recipients: [{}, {}] });
  });

  it('has bounds', async () => {
    const block = [
      '',
      'Final-Recipient: rfc822;a@else.example',
      'Action: failed',
      `Diagnostic-Code: x;${'x'.repeat(900)}`,
    ];
    const read = await mimeParser.parseReport(report({ status: Array<string[]>(5000).fill(block).flat() }));
    expect(read?.recipients.length).toBeLessThanOrEqual(500);
    expect(read?.recipients[0]?.reason).toHaveLength(500);
  });
});

it.each([
  ['a plain mail', 'Subject: 550 5.1.1\r\n\r\nFinal-Recipient: rfc822;a@else.example\r\nAction: failed\r\n'],
  ['nothing at all', ''],
  [
    'a read receipt',
    report({ status: ['Disposition: displayed'], type: 'message/disposition-notification' }).toString(),
  ],
])('%s is none', async (_name, raw) => {
  expect(await mimeParser.parseReport(Buffer.from(raw))).toBeUndefined();
});
