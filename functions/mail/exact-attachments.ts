import type { Attachment } from 'postal-mime';
import type { LightMime } from './lighten-mime.ts';
import { decodedBody, isAttachment, type MimeLeaf } from './mime-leaves.ts';

/**
 * The leaves of the attachments that the parser read, undefined for those that it reads otherwise. postal-mime hands text
 * out with line feeds for line ends and one more at its end, and of what was cut the beginning: the octets are in the leaf.
 */
export function exactAttachments(light: LightMime, read: readonly Attachment[]): (MimeLeaf | undefined)[] {
  const leaves = light.leaves.filter(isAttachment);
  if (leaves.length !== read.length) return read.map(() => undefined);
  return read.map((part, index) => {
    const leaf = leaves[index];
    return leaf !== undefined && isSame(leaf, part) ? light.attachments[index] : undefined;
  });
}

function isSame(leaf: MimeLeaf, { mimeType, content }: Attachment): boolean {
  // What is no type is whatever the parser takes it for (RFC 2045 5.2).
  if (leaf.type !== mimeType && /^[\w.+-]+\/[\w.+-]+$/.test(leaf.type)) return false;
  return withoutLineEnds(decodedBody(leaf)) === withoutLineEnds(bytesOf(content));
}

/** What the parser read. */
export function bytesOf(content: Attachment['content']): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
}

function withoutLineEnds(content: Buffer): string {
  return content.toString('latin1').replaceAll(/[\r\n]+/g, '');
}
