import type { ReceivedView } from '../received/read-received.ts';
import type { GatewayEvent } from './event.ts';

/**
 * Octets of text and html that ride along in an event; what is longer is cut, and read through the links. The safe HTML
 * comes whole or, where the two others leave no room, not at all: cut HTML may be safe no longer.
 */
const bodyLimit = 256 * 1024;

/** Writes the body of an event that carries its data. */
export function eventBody({ type, timestamp, data }: GatewayEvent): string {
  return JSON.stringify({ type, timestamp, data });
}

/** Writes the body of the event that a mail was received; its data is what `GET /v1/received/{id}` shows. */
export function receivedEventBody(event: GatewayEvent, view: ReceivedView, publicUrl: string): string {
  const url = `${publicUrl}/v1/received/${view.id}`;
  const text = cut(view.text, bodyLimit);
  const html = view.html === undefined ? undefined : cut(view.html, bodyLimit - Buffer.byteLength(text));
  const room = bodyLimit - Buffer.byteLength(text) - Buffer.byteLength(html ?? '');
  const safeHtml = Buffer.byteLength(view.safeHtml ?? '') <= room ? view.safeHtml : undefined;
  const data = {
    ...view,
    text,
    html,
    safeHtml,
    truncated: text !== view.text || html !== view.html || safeHtml !== view.safeHtml,
    attachments: view.attachments.map((attachment, index) => ({ ...attachment, url: `${url}/attachments/${index}` })),
    links: { self: url, raw: `${url}/raw` },
  };
  return eventBody({ ...event, data });
}

/** The longest beginning of a text that has at most so many octets in UTF-8, never half a character. */
function cut(text: string, octets: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= octets) return text;
  return new TextDecoder().decode(bytes.subarray(0, octets), { stream: true });
}
