import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { htmlToPlain } from '../../functions/mail/html-to-plain.ts';
import { composeMime } from '../../functions/mail/nodemailer-mime-composer.ts';
import type { MimeParts } from '../../functions/messages/compose-mime.ts';

const plain: MimeParts = {
  messageId: '<one@example.com>',
  date: new Date('2026-11-23T10:11:12Z'),
  from: { address: 'a@example.com' },
  to: [{ address: 'b@example.org' }],
  cc: [],
  replyTo: [],
  subject: 'S',
  references: [],
  headers: {},
  attachments: [],
};

/** The content types of the parts, in their order. */
async function compose(parts: Partial<MimeParts>) {
  const raw = Buffer.from(await composeMime({ ...plain, ...parts }));
  const types = [...raw.toString().matchAll(/^Content-Type: ([a-z/-]+)/gm)].map(([, type]) => type);
  return { types, mail: await PostalMime.parse(raw) };
}

describe('text made from HTML', () => {
  test.each([
    ['<p>Hello <b>you</b></p><p>Line<br>break</p>', 'Hello you\n\nLine\nbreak'],
    ['<style>p{}</style><title>T</title><script>x()</script><h1>Head</h1>Body', 'Head\n\nBody'],
    ['<a href="https://a.example/x?y=1&amp;z">Click</a>', 'Click [https://a.example/x?y=1&z]'],
    ['<a href="https://a.example">https://a.example</a> <a href="#top">up</a>', 'https://a.example up'],
    ['<ul><li>one</li><li>two</li></ul>', ' * one\n * two'],
    ['<img src="cid:logo" alt="Contoso"><img src="https://t.example/pixel">', 'Contoso'],
    ['Gr&uuml;&szlig;e &lt;b&gt; &#128238;', 'Grüße <b> 📮'],
    ['', ''],
  ])('%s', async (html, expected) => {
    expect(await htmlToPlain(html)).toBe(expected);
  });

  test('takes its time within bounds, whatever it is given', async () => {
    const started = performance.now();
    for (const odd of ['<div>'.repeat(300_000), '<'.repeat(1_000_000), '<p>x</p>'.repeat(1_000_000), '<a href="'])
      expect(typeof (await htmlToPlain(odd))).toBe('string');
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('stands before the HTML, and a text that was given stays', async () => {
    const made = await compose({ html: '<p>Hello <b>you</b></p>' });
    expect(made.types).toEqual(['multipart/alternative', 'text/plain', 'text/html']);
    expect(made.mail.text?.trim()).toBe('Hello you');
    expect((await compose({ html: '<p>Hello</p>', text: 'Given' })).mail.text?.trim()).toBe('Given');
    expect((await compose({ text: 'Given' })).types).toEqual(['text/plain']);
  });
});

const invitation = {
  filename: 'invite.ics',
  content: Buffer.from('BEGIN:VCALENDAR\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n'),
};

describe('a calendar part', () => {
  test('that asks for something is the last alternative, as calendars look for it', async () => {
    const contentType = 'text/calendar; charset=utf-8; method=REQUEST';
    const { types, mail } = await compose({ html: '<p>Come</p>', attachments: [{ ...invitation, contentType }] });
    expect(types).toEqual(['multipart/alternative', 'text/plain', 'text/html', 'text/calendar']);
    const [part] = mail.attachments;
    expect(part).toMatchObject({ mimeType: 'text/calendar', method: 'REQUEST' });
    expect(Buffer.from(part?.content as ArrayBuffer).toString()).toContain('SUMMARY:Grüße\n');
  });

  test.each([
    ['without a method', { contentType: 'text/calendar' }],
    ['as an attachment', { contentType: 'text/calendar; method=REQUEST', disposition: 'attachment' as const }],
  ])('%s is a file like any other', async (_, more) => {
    const { types } = await compose({ text: 'x', attachments: [{ ...invitation, ...more }] });
    expect(types).toEqual(['multipart/mixed', 'text/plain', 'text/calendar']);
  });
});

test('images shown by the HTML lie beside it, other files behind', async () => {
  const { types } = await compose({
    html: '<p>Look</p><img src="cid:logo">',
    attachments: [
      { filename: 'logo.png', contentType: 'image/png', contentId: 'logo', content: Buffer.from('png') },
      { filename: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('pdf') },
    ],
  });
  expect(types).toEqual([
    'multipart/mixed',
    'multipart/alternative',
    'text/plain',
    'multipart/related',
    'text/html',
    'image/png',
    'application/pdf',
  ]);
});
