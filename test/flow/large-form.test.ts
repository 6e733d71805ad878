import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { blobNames } from '../support/blobs.ts';
import type { Mail } from '../support/mail-of.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';
import { keysHeld, uploadsTo, type UploadedFile, type Uploads } from '../support/uploads.ts';

let flow: SendingFlow;
let uploads: Uploads;
beforeAll(async () => {
  flow = await startSendingFlow();
  uploads = uploadsTo(flow);
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
});

const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'Files', text: 'See the files.' };
const files: readonly UploadedFile[] = [
  { part: 'file', filename: 'Übersicht "2026".pdf', contentType: 'application/pdf', content: randomBytes(300_001) },
  {
    part: 'file',
    filename: 'notes.txt',
    contentType: 'text/plain; charset=utf-8',
    content: Buffer.from('a\nb\r\nc\r'),
  },
  { part: 'anything', filename: 'empty.bin', content: Buffer.alloc(0) },
  { part: 'last', filename: 'last.bin', content: randomBytes(65_536) },
];
const bytesOf = ({ content }: { content: unknown }): Buffer => Buffer.from(content as ArrayBuffer);

async function sentAs(message: object, some: readonly UploadedFile[]): Promise<Mail> {
  const { status, body } = await uploads.form(message, some);
  expect(status, JSON.stringify(body)).toBe(202);
  const { messageId, size } = await flow.reaches(String(body['id']), 'sent');
  const mail = await flow.received('grace@contoso.example', messageId);
  expect(mail.raw.length - mail.raw.indexOf('\r\nMessage-ID:')).toBeLessThan(size);
  return mail;
}

describe('a message as a form', () => {
  it('arrives with its files, byte for byte, in their order', async () => {
    const mail = await sentAs({ ...plain, html: '<p>See <b>the files</b>.</p>' }, files);
    expect(mail.text?.trim()).toBe('See the files.');
    expect(mail.html).toContain('<b>the files</b>');
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(files.map(({ filename }) => filename));
    for (const [index, { content }] of files.entries()) {
      const got = mail.attachments[index];
      expect(got && bytesOf(got).equals(content)).toBe(true);
      expect(got?.disposition).toBe('attachment');
    }
    expect(mail.attachments[0]?.mimeType).toBe('application/pdf');
    for (const line of mail.raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('shows what is named cid: within the HTML, and beside it in the message', async () => {
    const logo = { part: 'cid:logo', filename: 'logo.png', contentType: 'image/png', content: randomBytes(5_000) };
    const mail = await sentAs({ ...plain, html: '<img src="cid:logo">' }, [logo, ...files.slice(0, 1)]);
    const [shown, other] = mail.attachments;
    expect(shown).toMatchObject({ contentId: '<logo>', disposition: 'inline', related: true, mimeType: 'image/png' });
    expect(shown && bytesOf(shown).equals(logo.content)).toBe(true);
    expect(other).toMatchObject({ filename: files[0]?.filename, disposition: 'attachment' });
    // RFC 2387: the image belongs to the HTML, not to the message.
    expect(mail.raw.toString()).toMatch(/multipart\/mixed[^]*multipart\/alternative[^]*multipart\/related[^]*<logo>/);
  });

  it('is one without files, and one with an image that no HTML shows', async () => {
    expect((await sentAs(plain, [])).attachments).toEqual([]);
    const image = { part: 'cid:x', filename: 'x.png', contentType: 'image/png', content: randomBytes(9) };
    expect((await sentAs(plain, [image])).attachments).toHaveLength(1);
  });

  it('leaves nothing in blob storage once it is sent', async () => {
    await sentAs(plain, files);
    expect(await blobNames(flow.storage.connectionString, 'outgoing/')).toEqual([]);
  });

  it('is only looked at in a dry run', async () => {
    const before = await flow.api.call<{ data: unknown[] }>('GET', '/v1/messages?limit=200');
    const { status, body } = await uploads.form(plain, files, {}, '?dryRun=true');
    expect([status, body['from']]).toEqual([200, 'ada@contoso.example']);
    const { size } = await flow.message(String((await uploads.form(plain, files)).body['id']));
    expect(body['size']).toBe(size);
    const after = await flow.api.call<{ data: unknown[] }>('GET', '/v1/messages?limit=200');
    expect(after.data).toHaveLength(before.data.length + 1);
  });
});

describe('a form with an Idempotency-Key', () => {
  it('is replayed when its content is the same, and refused when it is not', async () => {
    const key = { 'idempotency-key': 'form' };
    const first = await uploads.form(plain, files, key);
    const again = await uploads.form(plain, files, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');

    const [one, ...others] = files as [UploadedFile, ...UploadedFile[]];
    const changed = { ...one, content: Buffer.concat([one.content.subarray(1), Buffer.of(0)]) };
    for (const some of [[changed, ...others], others, [{ ...one, filename: 'other.pdf' }, ...others]]) {
      const refused = await uploads.form(plain, some, key);
      expect([refused.status, refused.body['code']]).toEqual([422, 'idempotency-key-reused']);
    }
    const asJson = await flow.api.ask('POST', '/v1/messages', plain, key);
    expect(asJson.body['code']).toBe('idempotency-key-reused');
    await flow.reaches(String(first.body['id']), 'sent');
    expect(await blobNames(flow.storage.connectionString, 'outgoing/')).toEqual([]);
  });

  it('is told to wait while the first is still coming', async () => {
    const key = { 'idempotency-key': 'slow' };
    const gate = Promise.withResolvers<undefined>();
    async function* slowly() {
      yield Buffer.from(
        `--x\r\nContent-Disposition: form-data; name=message\r\n\r\n${JSON.stringify(plain)}\r\n--x\r\n`,
      );
      yield Buffer.from('Content-Disposition: form-data; name=f; filename=f\r\n\r\n');
      await gate.promise;
      yield Buffer.from('content\r\n--x--\r\n');
    }
    const before = await keysHeld(flow);
    const first = uploads.post(ReadableStream.from(slowly()), 'multipart/form-data; boundary=x', { headers: key });
    const content = { part: 'f', filename: 'f', content: Buffer.from('content') };
    await until(async () => (await keysHeld(flow)) > before);
    const second = await uploads.form(plain, [content], key);
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'idempotency-key-in-use', retryable: true });
    gate.resolve(undefined);
    expect((await first).status).toBe(202);
    expect(await keysHeld(flow)).toBe(before);
    expect((await uploads.form(plain, [{ ...content, contentType: 'text/plain' }], key)).status).toBe(422);
  });
});
