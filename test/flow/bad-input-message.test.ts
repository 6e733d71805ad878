import { beforeAll, describe, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';
import { refusedPointers } from '../support/refused-pointers.ts';

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
  const account = await flow.connect('ada@contoso.example');
  await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: account.id });
});

const message = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'S', text: 'T' };
const attachment = { filename: 'a.txt', content: 'QQ==' };

describe('a control character', () => {
  // Of every field that ends up in a header or in a command to a server.
  const fields: Record<string, [pointer: string, put: (text: string) => object]> = {
    'From, as text': ['/from', (text) => ({ from: `Ada${text} <ada@contoso.example>` })],
    'From, its name': ['/from', (text) => ({ from: { name: `A${text}`, address: 'ada@contoso.example' } })],
    'From, its address': ['/from', (text) => ({ from: { address: `ada@contoso.example${text}` } })],
    'To, the only one': ['/to', (text) => ({ to: `grace@contoso.example${text}` })],
    'To, one of many': ['/to/1', (text) => ({ to: ['a@contoso.example', `grace${text}@contoso.example`] })],
    Cc: ['/cc/0', (text) => ({ cc: [`${text}grace@contoso.example`] })],
    Bcc: ['/bcc/0', (text) => ({ bcc: [`grace@contoso.example${text}, x@y.example`] })],
    'Reply-To': ['/replyTo', (text) => ({ replyTo: { name: text, address: 'ada@contoso.example' } })],
    Subject: ['/subject', (text) => ({ subject: `S${text}Bcc: x@y.example` })],
    'In-Reply-To': ['/inReplyTo', (text) => ({ inReplyTo: `<a${text}@b>` })],
    References: ['/references/1', (text) => ({ references: ['<a@b>', `<a@b>${text}`] })],
    'a header’s value': ['/headers/X-Foo', (text) => ({ headers: { 'X-Foo': `a${text}b` } })],
    'a file’s name': [
      '/attachments/0/filename',
      (text) => ({ attachments: [{ ...attachment, filename: `a${text}` }] }),
    ],
    'a file’s type': [
      '/attachments/0/contentType',
      (text) => ({ attachments: [{ ...attachment, contentType: `text/plain${text}` }] }),
    ],
    'a Content-ID': [
      '/attachments/1/contentId',
      (text) => ({ attachments: [attachment, { ...attachment, contentId: `a${text}` }] }),
    ],
  };

  it.each(Object.entries(fields))('is refused in %s', async (_name, [pointer, put]) => {
    for (const text of ['\r\n', '\n', '\r', '\0', '\u000b', '\u007f', '\r\n ']) {
      const pointers = await refusedPointers(flow.api, '/v1/messages', { ...message, ...put(text) });
      expect(new Set(pointers), JSON.stringify(text)).toEqual(new Set([pointer]));
    }
  });

  it('is refused in a header’s name', async () => {
    for (const name of ['X-Foo\r\nBcc', 'X Foo', 'X-Foo:', 'X-Foo\0', 'X-Föö', '']) {
      const pointers = await refusedPointers(flow.api, '/v1/messages', { ...message, headers: { [name]: 'x' } });
      expect(pointers).toEqual([`/headers/${name}`]);
    }
  });
});

describe('a message', () => {
  it.each<[string, object, string[]]>([
    ['an unknown field', { reply_to: 'a@b.example' }, ['/reply_to']],
    ['an unknown field within', { attachments: [{ ...attachment, url: 'https://x' }] }, ['/attachments/0/url']],
    ['a field with a slash and a tilde', { 'a/b~c': 1 }, ['/a~1b~0c']],
    ['a wrong type', { subject: 5, text: true }, ['/subject', '/text']],
    ['null', { html: null }, ['/html']],
    ['a list for text', { text: ['a'] }, ['/text']],
    ['no recipient', { to: [] }, ['/to']],
    ['a bad address', { to: ['grace@contoso.example', 'grace'] }, ['/to/1']],
    ['two addresses in one', { to: 'a@b.example, c@d.example' }, ['/to']],
    ['two Froms', { from: ['a@b.example', 'c@d.example'] }, ['/from']],
    ['a From of the wrong type', { from: 7 }, ['/from']],
    ['no text at all', { text: undefined }, ['/text']],
    ['what is not base64', { attachments: [{ ...attachment, content: 'Not base64!' }] }, ['/attachments/0/content']],
    ['a file without a name', { attachments: [{ content: 'QQ==' }] }, ['/attachments/0/filename']],
    ['a structural header', { headers: { 'DKIM-signature': 'x', 'X-A': 'fine' } }, ['/headers/DKIM-signature']],
    ['a header that is not text', { headers: { 'X-Foo': 5 } }, ['/headers/X-Foo']],
    ['a bad Message-ID', { inReplyTo: 'no brackets' }, ['/inReplyTo']],
    ['a server that does not exist', { outgoingServer: 'out_0123456789' }, ['/outgoingServer']],
    ['a subject as long as a novel', { subject: 'x'.repeat(999) }, ['/subject']],
    ['too many recipients', { to: Array.from({ length: 501 }, (_none, n) => `a${n}@b.example`) }, ['/to']],
  ])('with %s is refused there', async (_name, wrong, pointers) => {
    expect(await refusedPointers(flow.api, '/v1/messages', { ...message, ...wrong })).toEqual(pointers);
  });

  it('with a thousand mistakes names the first hundred', async () => {
    const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_none, n) => [`field${n}`, n]));
    expect(await refusedPointers(flow.api, '/v1/messages', { ...message, ...fields })).toHaveLength(100);
  });

  it('from whom no server may send is told so, with the way to mend it', async () => {
    const { status, body } = await flow.api.ask('POST', '/v1/messages', { ...message, from: 'eve@fabrikam.example' });
    expect([status, body['code']]).toEqual([422, 'from-not-allowed']);
    expect(body['errors']).toEqual([expect.objectContaining({ pointer: '/from' })]);
    expect(body['remedy']).toContain('From filter');
  });

  it('with a bad Idempotency-Key is refused there', async () => {
    for (const key of ['x'.repeat(257), 'café'.normalize('NFC')]) {
      const { status, body } = await flow.api.ask('POST', '/v1/messages', message, { 'idempotency-key': key });
      expect(status).toBe(422);
      expect(body['errors']).toEqual([expect.objectContaining({ pointer: 'Idempotency-Key' })]);
    }
  });
});
