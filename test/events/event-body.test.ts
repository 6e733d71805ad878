import { expect, test } from 'vitest';
import { receivedEvent } from '../../functions/events/event.ts';
import { receivedEventBody } from '../../functions/events/event-body.ts';
import type { ReceivedView } from '../../functions/received/read-received.ts';

const limit = 256 * 1024;
const view: ReceivedView = {
  id: `rcv_${'a'.repeat(30)}`,
  incomingServer: 'inc_aaaaaaaaaa',
  status: 'received',
  mailbox: 'ada@contoso.example',
  folder: 'INBOX',
  from: 'grace@contoso.example',
  to: [],
  cc: [],
  replyTo: [],
  subject: 'Hello',
  text: '',
  attachments: [],
  references: [],
  flags: { autoReply: false, bounce: false, list: false, readReceipt: false },
  size: 1,
  receivedAt: '2026-11-22T12:00:00.000Z',
  fetchedAt: '2026-11-22T12:00:30.000Z',
};

function dataOf(more: Partial<ReceivedView>) {
  const event = receivedEvent(view.id, new Date(view.fetchedAt));
  const body = JSON.parse(receivedEventBody(event, { ...view, ...more }, 'https://postern.example')) as {
    type: string;
    timestamp: string;
    data: { text: string; html?: string; truncated: boolean; attachments: object[]; links: object };
  };
  expect(body).toMatchObject({ type: 'message.received', timestamp: view.fetchedAt });
  return body.data;
}

test('a body that fits is whole, and so says the event', () => {
  const text = 'x'.repeat(limit - 10);
  expect(dataOf({ text, html: '0123456789' })).toMatchObject({ text, html: '0123456789', truncated: false });
  expect(dataOf({ text: 'plain' })).not.toHaveProperty('html');
});

test('text and html share their room, the text first', () => {
  const cut = dataOf({ text: 'x'.repeat(limit - 10), html: '0123456789ab' });
  expect(cut).toMatchObject({ html: '0123456789', truncated: true });
  expect(dataOf({ text: 'x'.repeat(limit + 5), html: '<p>' })).toMatchObject({
    text: 'x'.repeat(limit),
    html: '',
    truncated: true,
  });
});

test('the safe HTML comes whole or not at all, and last', () => {
  const html = 'x'.repeat(limit - 20);
  expect(dataOf({ html, safeHtml: 'y'.repeat(20) })).toMatchObject({
    html,
    safeHtml: 'y'.repeat(20),
    truncated: false,
  });
  const without = dataOf({ html, safeHtml: 'y'.repeat(21) });
  expect(without).toMatchObject({ html, truncated: true });
  expect(without).not.toHaveProperty('safeHtml');
});

test.each(['é', '漢', '📮'])('%s is never cut in half', (character) => {
  for (let shift = 0; shift < 4; shift++) {
    const text = 'x'.repeat(shift) + character.repeat(limit);
    const cut = dataOf({ text });
    expect(text.startsWith(cut.text)).toBe(true);
    expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(limit);
    expect(Buffer.byteLength(cut.text)).toBeGreaterThan(limit - 4);
    expect(cut.text).not.toContain('\uFFFD');
  }
});

test('links lead to the mail, its bytes and its attachments', () => {
  const attachment = { filename: 'a', contentType: 'text/plain', size: 1, disposition: 'attachment' as const };
  const url = `https://postern.example/v1/received/${view.id}`;
  expect(dataOf({ attachments: [attachment, attachment] })).toMatchObject({
    links: { self: url, raw: `${url}/raw` },
    attachments: [{ url: `${url}/attachments/0` }, { url: `${url}/attachments/1` }],
  });
});
