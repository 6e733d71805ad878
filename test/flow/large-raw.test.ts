import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../../dev/api-client.ts';
import { blobNames } from '../support/blobs.ts';
import type { Mail } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { uploadsTo } from '../support/uploads.ts';

let flow: SendingFlow;
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({
    name: 'Ada',
    account: ada.id,
    fromFilter: ['ada@contoso.example', 'support@contoso.example'],
  });
});

type Headers = Record<string, string>;

const post = (
  raw: string | Uint8Array,
  query = '',
  headers: Headers = {},
): Promise<ApiAnswer<Record<string, unknown>>> =>
  uploadsTo(flow).post(typeof raw === 'string' ? raw : Buffer.from(raw), 'message/rfc822', { query, headers });

async function sent(raw: string | Uint8Array, query = '', to = 'grace@contoso.example'): Promise<Mail> {
  const { status, body } = await post(raw, query);
  expect(status, JSON.stringify(body)).toBe(202);
  const { messageId } = await flow.reaches(String(body['id']), 'sent');
  return flow.received(to, messageId);
}

const lines = (...all: readonly string[]): string => all.join('\r\n');
const attachment = randomBytes(90_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
const whole = lines(
  'DKIM-Signature: v=1; a=rsa-sha256;\r\n  d=contoso.example; b=abc',
  'From: =?utf-8?Q?Ada_Lovelace=2C_Ing=2E?= <ada@contoso.example>',
  'to:grace@contoso.example',
  'Bcc: hidden@outside.example,\r\n\tnotifications@contoso.example',
  'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
  'X-Folded: one\r\n two',
  'Message-ID: <own.4711@app.example>',
  'Date: Mon, 02 Nov 2026 10:00:00 +0100',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße .\r\n.\r\n..\r\n',
  `--b\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}`,
  '--b--',
  '',
);

describe('a message that is written already', () => {
  it('is sent as it is, but for Bcc', async () => {
    const { status, body } = await post(whole);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(body['messageId']).toBe('<own.4711@app.example>');
    const message = await flow.reaches(String(body['id']), 'sent');
    const recipients = ['grace@contoso.example', 'hidden@outside.example', 'notifications@contoso.example'];
    expect(message.envelope).toEqual({ from: 'ada@contoso.example', to: recipients });
    expect(await flow.api.call('GET', `/v1/messages/${message.id}`)).toMatchObject({
      subject: 'Grüße',
      from: '"Ada Lovelace, Ing." <ada@contoso.example>',
      to: ['grace@contoso.example'],
      bcc: recipients.slice(1),
    });
    const withoutBcc = whole.replace(/Bcc: [^]*?\r\n(?=\S)/, '');
    expect(Buffer.byteLength(withoutBcc)).toBe(message.size);
    for (const address of ['grace@contoso.example', 'notifications@contoso.example']) {
      const { raw } = await flow.received(address, '<own.4711@app.example>');
      // What stands before it the server has added.
      expect(raw.toString().endsWith(`\r\n${withoutBcc}`)).toBe(true);
    }
    expect(await blobNames(flow.storage.connectionString, 'outgoing/')).toEqual([]);
  });

  it('gets the Message-ID and the Date it lacks, and CRLF at the end of its lines', async () => {
    const mail = await sent(
      'From: ada@contoso.example\nTo: grace@contoso.example\nSubject: S\n\none\ntwo\rthree\r\n\n',
    );
    expect(mail.header).toMatch(/^Message-ID: <msg_\w+@contoso\.example>$/m);
    expect(Math.abs(Date.parse(mail.date ?? '') - Date.now())).toBeLessThan(60_000);
    expect(mail.raw.toString().endsWith('\r\n\r\none\r\ntwo\r\nthree\r\n\r\n')).toBe(true);
    expect(mail.raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('goes to the envelope it comes with, whatever its header says', async () => {
    const raw = lines(
      'From: ada@contoso.example',
      'To: list: a@b.example, c@d.example;',
      'Cc: x@y.example',
      '',
      'Hello',
    );
    const query = '?envelopeTo=grace@contoso.example&envelopeFrom=support@contoso.example&tags=a&tags=b';
    const mail = await sent(raw, query);
    expect(mail.header).toContain('Return-Path: <support@contoso.example>');
    expect(mail.header).toContain('To: list: a@b.example, c@d.example;');
    const { data } = await flow.api.call<{ data: Record<string, unknown>[] }>('GET', '/v1/messages?limit=1');
    expect(data[0]).toMatchObject({
      tags: ['a', 'b'],
      envelope: { from: 'support@contoso.example', to: ['grace@contoso.example'] },
    });
  });

  it('from somebody whom no server may send as gives way to the notifications address', async () => {
    await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'support' });
    const mail = await sent(lines('From: Eve Ü <eve@contoso.example>', 'To: grace@contoso.example', '', 'Hello'));
    expect(mail.from).toMatchObject({ name: 'Eve Ü', address: 'support@contoso.example' });
    expect(mail.replyTo).toEqual([{ name: 'Eve Ü', address: 'eve@contoso.example' }]);
    const nobody = await sent(lines('To: grace@contoso.example', 'Subject: Nobody', '', 'Hello'));
    expect(nobody.from?.address).toBe('support@contoso.example');
    expect(nobody.header.match(/^From:/gim)).toHaveLength(1);
  });

  it('waits for its time', async () => {
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await post(whole.replace('own.4711', 'later'), `?scheduledAt=${scheduledAt}&priority=bulk`);
    expect(await flow.message(String(body['id']))).toMatchObject({
      status: 'scheduled',
      scheduledAt,
      priority: 'bulk',
    });
    const [blob, ...others] = await blobNames(flow.storage.connectionString, 'outgoing/');
    expect(others).toEqual([]);
    expect(blob).toContain(String(body['id']));
  });

  it('is known by its Idempotency-Key and its octets', async () => {
    const raw = lines('From: ada@contoso.example', 'To: grace@contoso.example', '', 'Once');
    const key = { 'idempotency-key': 'raw' };
    const first = await post(raw, '', key);
    const again = await post(raw, '', key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    for (const [other, query] of [
      [`${raw}.`, ''],
      [raw, '?tags=x'],
    ] as const)
      expect((await post(other, query, key)).body['code']).toBe('idempotency-key-reused');
  });
});

describe('what cannot be sent', () => {
  const header = ['From: ada@contoso.example', 'To: grace@contoso.example'];
  it.each<[string, string | Buffer, string, string[]]>([
    ['is no message', 'Hello\r\n\r\nText', '', ['']],
    ['has no recipient', lines('From: ada@contoso.example', '', 'x'), '', ['?envelopeTo']],
    ['has two Froms', lines(...header, 'from: eve@contoso.example', '', 'x'), '', ['/from']],
    ['has two addresses in From', lines('From: ada@contoso.example, a@b.example', '', 'x'), '', ['/from']],
    ['has two Message-IDs', lines(...header, 'Message-ID: <a@b>', 'Message-Id: <c@d>', '', 'x'), '', ['/messageId']],
    ['has a Message-ID that is none', lines(...header, 'Message-ID: nonsense', '', 'x'), '', ['/messageId']],
    ['has an address that is none', lines(...header, 'Cc: nobody', '', 'x'), '', ['/cc']],
    [
      'has a control character in a name',
      lines(...header, 'Cc: =?utf-8?Q?a=0D=0Ab?= <a@b.example>', '', 'x'),
      '',
      ['/cc'],
    ],
    ['has a bare CR in its header', lines(...header, 'X: a\rBcc: b@c.example', '', 'x'), '', ['']],
    ['has a header without an end', lines(...header, `X: ${'x'.repeat(300_000)}`), '', ['']],
    [
      'has too many recipients',
      lines(
        'From: ada@contoso.example',
        `To: ${Array.from({ length: 501 }, (_none, n) => `r${n}@b.example`).join(',\r\n ')}`,
        '',
        'x',
      ),
      '',
      ['/to'],
    ],
    [
      'has an envelope that is none',
      lines(...header, '', 'x'),
      '?envelopeTo=a@b.example&envelopeTo=nobody',
      ['?envelopeTo.1'],
    ],
    ['is returned to somebody else', lines(...header, '', 'x'), '?envelopeFrom=eve@contoso.example', ['?envelopeFrom']],
    ['comes with an unknown field', lines(...header, '', 'x'), '?subject=x', ['?subject']],
  ])('because it %s is refused there', async (_name, raw, query, pointers) => {
    const { status, body } = await post(raw, query);
    expect([status, (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)]).toEqual([422, pointers]);
  });
});
