import { randomBytes } from 'node:crypto';
import { decodeWords } from 'postal-mime';
import { beforeAll, describe, expect, it } from 'vitest';
import { mailOf, type Mail } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

let flow: SendingFlow;
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
});

/** Sends a message to Grace and answers it as she has it. */
async function receivedOf(fields: Record<string, unknown>): Promise<Mail> {
  const { messageId } = await flow.send(fields);
  return flow.received('grace@contoso.example', messageId);
}

const bytesOf = ({ content }: { content: unknown }): Buffer => Buffer.from(content as ArrayBuffer);

describe('who it is for', () => {
  it('reaches To, Cc and Bcc, each once, and shows Bcc to nobody', async () => {
    const sent = await flow.send({
      to: [
        'Grace <grace@contoso.example>',
        'GRACE@contoso.example',
        { name: 'Out Side', address: 'o@outside.example' },
      ],
      cc: { address: 'support@contoso.example' },
      bcc: ['notifications@contoso.example', 'hidden@outside.example', 'grace@contoso.example'],
      subject: 'To all of you',
    });
    const recipients = [
      'grace@contoso.example',
      'o@outside.example',
      'support@contoso.example',
      'notifications@contoso.example',
      'hidden@outside.example',
    ];
    expect(sent.envelope).toEqual({ from: 'ada@contoso.example', to: recipients });
    expect(sent.recipients).toEqual(recipients.map((address) => ({ address, status: 'sent' })));

    const boxes = ['grace@contoso.example', 'support@contoso.example', 'notifications@contoso.example'];
    for (const address of boxes) {
      const mail = await flow.received(address, sent.messageId);
      expect(mail.to?.map((one) => one.address)).toEqual([
        'grace@contoso.example',
        'GRACE@contoso.example',
        'o@outside.example',
      ]);
      expect(mail.cc?.map((one) => one.address)).toEqual(['support@contoso.example']);
      expect(mail.raw.toString().toLowerCase()).not.toMatch(/bcc|hidden@/);
    }
    const outside = flow.microsoft365.outside().filter(({ raw }) => raw.includes(sent.messageId));
    expect(outside.map(({ envelope }) => envelope.to)).toEqual([['o@outside.example', 'hidden@outside.example']]);
    expect(outside[0]?.raw.toString().toLowerCase()).not.toMatch(/bcc|hidden@/);
    const inSentItems = (await mailOf(flow.microsoft365, 'ada@contoso.example', 'Sent Items')).at(-1);
    expect(inSentItems?.messageId).toBe(sent.messageId);
  });

  it('may be Bcc alone', async () => {
    const sent = await flow.send({ to: undefined, bcc: 'grace@contoso.example' });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.raw.toString()).not.toMatch(/^bcc:/im);
  });

  it('takes 500 recipients, and international domains', async () => {
    const many = Array.from({ length: 498 }, (_, n) => `Recipient Number ${n} <recipient.${n}@outside.example>`);
    const sent = await flow.send({ to: [...many, 'x@bücher.example'], cc: ['grace@contoso.example'] });
    expect(sent.recipients).toHaveLength(500);
    expect(sent.recipients.every(({ status }) => status === 'sent')).toBe(true);
    const outside = flow.microsoft365.outside().find(({ raw }) => raw.includes(sent.messageId));
    expect(outside?.envelope.to).toHaveLength(499);
    expect(outside?.envelope.to).toContain('x@bücher.example');
    const shown = (await flow.received('grace@contoso.example', sent.messageId)).to ?? [];
    expect(shown).toHaveLength(499);
    expect(shown[497]).toEqual({ name: 'Recipient Number 497', address: 'recipient.497@outside.example' });
  });

  it('takes no more recipients, nor more text of them, than can be kept', async () => {
    const ask = (to: unknown) => flow.api.ask('POST', '/v1/messages', { from: 'ada@contoso.example', to, text: 'x' });
    const many = Array.from({ length: 501 }, (_, n) => `r${n}@outside.example`);
    expect(await ask(many)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/to' }] } });
    const wordy = Array.from({ length: 450 }, (_, n) => ({ name: 'N'.repeat(220), address: `r${n}@outside.example` }));
    expect(await ask(wordy)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/to' }] } });
    const most = wordy.map(({ address }) => ({ name: '😀'.repeat(90), address }));
    const sent = await flow.send({ to: most });
    expect(sent.recipients).toHaveLength(450);
  });
});

describe('what it says', () => {
  it('keeps text and HTML as they were written', async () => {
    const text = ['Grüße aus Köln 👩‍🚀', '.', '..leading dots', 'From here', 'long '.repeat(300), 'trailing   ', ''].join(
      '\r\n',
    );
    const html = `<p>Grüße</p>${'<b>x</b>'.repeat(400)}<p>=3D &amp; "quotes"</p>`;
    const mail = await receivedOf({ subject: 'Grüße 👩‍🚀 und "Zitate"; a=b, c', text, html });
    expect(mail.subject).toBe('Grüße 👩‍🚀 und "Zitate"; a=b, c');
    // A part of several ends before the line end that stands before the boundary.
    expect(mail.text?.replaceAll('\r\n', '\n')).toBe(`${text.replaceAll('\r\n', '\n')}\n`);
    expect(mail.html).toContain(html);
    // RFC 5322 2.1.1: no line is longer than 998 octets.
    for (const line of mail.raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(mail.raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('sends text alone and HTML alone', async () => {
    expect((await receivedOf({ text: 'Only text' })).html).toBeUndefined();
    const mail = await receivedOf({ text: undefined, html: '<p>Only <b>HTML</b></p>' });
    expect(mail.html).toContain('<p>Only <b>HTML</b></p>');
  });

  it('keeps headers, threads and its Message-ID', async () => {
    const first = await flow.send({ subject: 'First' });
    expect(first.messageId).toBe(`<${first.id}@contoso.example>`);
    const mail = await receivedOf({
      subject: 'Re: First',
      inReplyTo: first.messageId,
      references: ['<older@elsewhere.example>', first.messageId],
      headers: {
        'X-Order': '4711',
        'List-Unsubscribe': '<https://contoso.example/u?a=1>, <mailto:u@contoso.example>',
        'Auto-Submitted': 'auto-generated',
        'x-lower-Case': 'ünïcödé and some more words that make the line long enough to be folded somewhere in it',
      },
    });
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(mail.inReplyTo).toBe(first.messageId);
    expect(mail.references).toBe(`<older@elsewhere.example> ${first.messageId}`);
    expect(header('x-order')).toBe('4711');
    expect(header('list-unsubscribe')).toBe('<https://contoso.example/u?a=1>, <mailto:u@contoso.example>');
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(decodeWords(header('x-lower-case') ?? '')).toMatch(/^ünïcödé and some more words/);
    expect(mail.header).toContain('\r\nx-lower-Case: ');
    // Of what every message has there is one each.
    for (const name of ['From', 'To', 'Date', 'Message-ID', 'Subject', 'MIME-Version', 'Content-Type'])
      expect(mail.header.match(new RegExp(`^${name}: `, 'gm'))).toHaveLength(1);
    expect(Math.abs(Date.parse(mail.date ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('says nothing of tags and metadata', async () => {
    const mail = await receivedOf({ tags: ['secret-tag'], metadata: { order: 'secret-meta' } });
    expect(mail.raw.toString()).not.toMatch(/secret-(tag|meta)/);
  });
});

describe('attachments', () => {
  it('arrive byte for byte, whatever they are called', async () => {
    const files = [
      { filename: 'Übersicht – 2026 (final).pdf', contentType: 'application/pdf', content: randomBytes(20_000) },
      {
        filename: '请求.txt',
        contentType: 'text/plain; charset=utf-8',
        content: Buffer.from('日本語\nmit\r\nZeilen\r'),
      },
      { filename: 'a "quoted" name;.bin', content: randomBytes(1) },
      { filename: 'empty.dat', content: Buffer.alloc(0) },
      { filename: `${'long'.repeat(40)}.bin`, content: randomBytes(5000) },
    ];
    const attachments = files.map((file) => ({ ...file, content: file.content.toString('base64') }));
    const mail = await receivedOf({ attachments });
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(files.map(({ filename }) => filename));
    for (const [index, file] of files.entries()) {
      const got = mail.attachments[index];
      expect(got && bytesOf(got).equals(file.content)).toBe(true);
      expect(got?.disposition).toBe('attachment');
    }
    expect(mail.attachments[0]?.mimeType).toBe('application/pdf');
  });

  it('shows an inline image beside the HTML that names it', async () => {
    const image = randomBytes(300);
    const mail = await receivedOf({
      html: '<img src="cid:logo@contoso">',
      attachments: [
        {
          filename: 'logo.png',
          contentType: 'image/png',
          content: image.toString('base64'),
          contentId: 'logo@contoso',
        },
      ],
    });
    expect(mail.attachments[0]).toMatchObject({
      contentId: '<logo@contoso>',
      disposition: 'inline',
      mimeType: 'image/png',
    });
    expect(mail.raw.toString()).toContain('multipart/related');
  });

  it('of 5 MB go through a blob, arrive byte for byte, and leave nothing in storage', async () => {
    const content = randomBytes(5_000_000);
    const sent = await flow.send({ attachments: [{ filename: 'large.bin', content: content.toString('base64') }] });
    expect(sent.size).toBeGreaterThan(6_600_000);
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.attachments[0] && bytesOf(mail.attachments[0]).equals(content)).toBe(true);
    const { ContainerClient } = await import('@azure/storage-blob');
    const names: string[] = [];
    const mailBlobs = new ContainerClient(flow.storage.connectionString, 'mail');
    for await (const { name } of mailBlobs.listBlobsFlat({ prefix: 'outgoing/' })) names.push(name);
    expect(names).toEqual([]);
  });

  it('of 20 MB with a key are taken once', async () => {
    const attachments = [{ filename: 'huge.bin', content: randomBytes(20_000_000).toString('base64') }];
    const key = { 'idempotency-key': 'huge' };
    const first = await flow.accept({ attachments }, key);
    expect((await flow.accept({ attachments }, key)).id).toBe(first.id);
    await flow.reaches(first.id, 'sent');
    expect((await flow.received('grace@contoso.example', first.messageId)).attachments).toHaveLength(1);
  });
});
