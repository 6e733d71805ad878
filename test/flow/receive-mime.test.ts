import { beforeAll, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver } from '../../dev/webhook-receiver.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';

interface Received {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly safeHtml?: string;
  readonly cause?: { readonly code: string };
  readonly status?: string;
  readonly reason?: { readonly kind: string };
  readonly date?: string;
  readonly messageId?: string;
  readonly attachments: readonly { filename: string; contentType: string; size: number; disposition: string }[];
}

const address = 'ada@contoso.example';
const lines = (...each: (string | Buffer)[]) =>
  Buffer.concat(each.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]));
const nested = (depth: number): string[] =>
  depth === 0
    ? ['Content-Type: text/plain', '', 'deep inside']
    : [`Content-Type: multipart/mixed; boundary="b${depth}"`, '', `--b${depth}`, ...nested(depth - 1), `--b${depth}--`];

const parked = { status: 'parked', reason: { kind: 'hostile' }, cause: { code: 'hostile-mime' } } as Partial<Received>;

/** Mail as it comes: what is wrong with it, its bytes, and what is made of it. */
const oddities: readonly [string, Buffer, Partial<Received>][] = [
  ['no Message-ID', lines('From: a@example.com', 'Subject: s', '', 'x'), { subject: 's', text: 'x' }],
  ['no From', lines('Subject: nobody', '', 'x'), { from: '', subject: 'nobody', text: 'x' }],
  [
    'every header twice',
    lines(
      'From: a@example.com',
      'From: b@example.com',
      'Subject: 1',
      'Subject: 2',
      'To: c@x.example',
      'To: d@x.example',
      '',
      'x',
    ),
    { from: 'a@example.com', subject: '1', to: ['c@x.example', 'd@x.example'] },
  ],
  [
    'an unknown charset',
    lines('Subject: =?x-none?q?=E9?=', 'Content-Type: text/plain; charset=x-none', '', 'abc'),
    { text: 'abc' },
  ],
  [
    '8-bit headers',
    lines(Buffer.from('Subject: Grüße'), 'Content-Type: text/plain; charset=iso-8859-1', '', Buffer.from([0xe9])),
    { subject: 'Grüße', text: 'é' },
  ],
  ['an empty body', lines('Subject: empty', ''), { subject: 'empty', text: '' }],
  ['no body and no empty line', Buffer.from('Subject: header only'), { subject: 'header only', text: '' }],
  ['nothing at all', Buffer.alloc(0), { subject: '', from: '', text: '' }],
  ['nothing but octets', Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)), {}],
  ['an impossible date', lines('Date: Thu, 99 Foo 2026 99:99:99', 'Subject: date', '', 'x'), { subject: 'date' }],
  [
    'a huge header',
    lines(`X-Long: ${'x'.repeat(900_000)}`, 'Subject: after it', '', 'x'),
    { subject: 'after it', text: 'x' },
  ],
  [
    'an endless header',
    lines('Subject: first', `X-Long: ${'x'.repeat(2_000_000)}`, '', 'x'),
    { ...parked, subject: 'first' },
  ],
  ['deep nesting', lines('Subject: deep', ...nested(60)), { subject: 'deep', text: 'deep inside' }],
  ['nesting without end', lines('Subject: too deep', ...nested(400)), { ...parked, subject: 'too deep', text: '' }],
  [
    'ten thousand parts',
    lines('Subject: parts', 'Content-Type: multipart/mixed; boundary=x', '', '--x\r\n\r\n'.repeat(25_000)),
    { ...parked, subject: 'parts', text: '' },
  ],
  [
    'a million lines',
    lines('Subject: lines', '', '\n'.repeat(1_000_000)),
    { status: 'received', cause: { code: 'hostile-mime' } },
  ],
  [
    'HTML that does something',
    lines('Content-Type: text/html', '', '<p onclick="x()">hi<img src="https://t.example/p.gif"></p>'),
    {
      html: '<p onclick="x()">hi<img src="https://t.example/p.gif"></p>',
      safeHtml: '<p>hi<img data-src="https://t.example/p.gif" /></p>',
    },
  ],
  [
    'a multipart that is cut off',
    lines('Subject: cut', 'Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'half'),
    { subject: 'cut', text: 'half' },
  ],
  [
    'bare line feeds',
    Buffer.from('From: a@example.com\nSubject: unix\n\none\ntwo\n'),
    { subject: 'unix', text: 'one\ntwo' },
  ],
  [
    'winmail.dat',
    lines(
      'Subject: tnef',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      '',
      'see',
      '--x',
      'Content-Type: application/ms-tnef; name="winmail.dat"',
      'Content-Transfer-Encoding: base64',
      '',
      'eJ8+Ig==',
      '--x--',
    ),
    {
      text: 'see',
      attachments: [
        { filename: 'winmail.dat', contentType: 'application/ms-tnef', size: 4, disposition: 'attachment' },
      ],
    },
  ],
  [
    'a bounce without a sender',
    lines(
      'Return-Path: <>',
      'From: <>',
      'Subject: bounce',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
      '',
      '--x',
      '',
      'sorry',
      '--x--',
    ),
    { from: '', subject: 'bounce', text: 'sorry' },
  ],
];

let flow: Flow;
let server: string;
const received = new Map<number, Received>();

beforeAll(async () => {
  flow = await startFlow();
  const account = await flow.connect(address);
  server = await addConfirmed(flow, { account: account.id });
  await fetchNow(flow, server);
  for (const [, raw] of oddities) await flow.microsoft365.deliver(address, raw);
  await flow.microsoft365.deliver(address, mail('behind them all'));
  await fetchNow(flow, server);
  const rows = (await listReceived(flow, server)).reverse();
  for (const [index, { id }] of rows.entries()) {
    received.set(index, await flow.api.call<Received>('GET', `/v1/received/${id}`));
  }
});

it('lets nothing stand in the way of the next mail', () => {
  expect(received.size).toBe(oddities.length + 1);
  expect(received.get(oddities.length)?.subject).toBe('behind them all');
});

it('delivers what was parked as hostile once somebody says so', async () => {
  const [hostile] = [...received.values()].filter(({ reason }) => reason?.kind === 'hostile');
  const id = String(hostile?.id);
  expect(await flow.api.call('GET', `/v1/received/${id}`)).toMatchObject({ deliveries: [] });
  const receiver = await startWebhookReceiver();
  try {
    const destination = { kind: 'webhook', name: 'Receiver', url: receiver.url };
    const { id: to } = await flow.api.call<{ id: string }>('POST', '/v1/destinations', destination);
    await flow.api.call('PATCH', `/v1/incoming-servers/${server}`, { destinations: [to] });
    await flow.api.call('POST', `/v1/received/${id}/replay`);
    const { body } = await until(() => Promise.resolve(receiver.calls[0]));
    const { data } = JSON.parse(body) as { data: unknown };
    expect(data).toMatchObject({ id, status: 'received', text: '', cause: { code: 'hostile-mime' } });
  } finally {
    await receiver.stop();
  }
});

it.each(oddities.map(([name, raw, expected], index) => ({ name, raw, expected, index })))(
  'takes mail with $name',
  async ({ raw, expected, index }) => {
    const shown = received.get(index);
    expect(shown).toMatchObject(expected);
    const response = await fetch(`${flow.url}/v1/received/${String(shown?.id)}/raw`, {
      headers: { authorization: `Bearer ${flow.adminKey}` },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(raw)).toBe(true);
  },
);
