import type MimeNode from 'nodemailer/lib/mime-node';
import type { AttachmentStream, ComposeMimeStream } from '../messages/compose-mime.ts';
import { compileMime } from './nodemailer-mime-composer.ts';

const other = { filename: 'x', contentType: 'application/octet-stream', content: Buffer.from('x') };
const shown = { ...other, contentId: 'x' };

/**
 * Writes a message by nodemailer with files that are not known yet: its tree is made with one stand-in for each kind of
 * file, and where a stand-in was the files are written as they come, in base64.
 */
export const composeMimeStream: ComposeMimeStream = async function* (parts, files) {
  let next = await files.next();
  const isShown = next.done !== true && parts.html !== undefined && isInline(next.value);
  const standIns = next.done === true ? [] : isShown ? [shown, other] : [other];
  const root = await compileMime({ ...parts, attachments: standIns });
  const related = isShown ? relatedIn(root) : undefined;
  if (next.done !== true) root.childNodes.pop();
  related?.childNodes.pop();

  async function* write(node: MimeNode): AsyncGenerator<Uint8Array> {
    const head = node.buildHeaders();
    // Known once the headers are built.
    const { boundary } = node;
    if (typeof boundary !== 'string') {
      yield* node.createReadStream() as AsyncIterable<Uint8Array>;
      return;
    }
    yield Buffer.from(`${head}\r\n\r\n`);
    let lineEnd = '';
    for await (const child of childrenOf(node)) {
      yield Buffer.from(`${lineEnd}--${boundary}\r\n`);
      yield* write(child);
      lineEnd = '\r\n';
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }

  async function* childrenOf(node: MimeNode): AsyncGenerator<MimeNode> {
    yield* node.childNodes;
    if (node !== related && node !== root) return;
    for (; next.done !== true && (node === root || isInline(next.value)); next = await files.next())
      yield nodeOf(next.value, root);
  }

  yield* write(root);
};

function isInline({ contentId, disposition }: AttachmentStream): boolean {
  return contentId !== undefined && disposition !== 'attachment';
}

function relatedIn(node: MimeNode): MimeNode | undefined {
  const type = node.getHeader('Content-Type');
  if (typeof type === 'string' && type.startsWith('multipart/related')) return node;
  for (const child of node.childNodes) {
    const found = relatedIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As nodemailer writes an attachment, but a child of nobody, so that it goes when it is written. */
function nodeOf(file: AttachmentStream, root: MimeNode): MimeNode {
  const { filename, contentType = '', content, contentId, disposition } = file;
  // Messages within the message must not be encoded (RFC 2046 5.2.1).
  const isMessage = contentType.toLowerCase().startsWith('message/');
  const node = new (root.constructor as typeof MimeNode)(contentType, {
    rootNode: root,
    parentNode: root,
    filename,
    ...(isMessage && { newline: 'windows' }),
  });
  if (contentId !== undefined) node.setHeader('Content-Id', `<${contentId}>`);
  node.setHeader('Content-Transfer-Encoding', isMessage ? '8bit' : 'base64');
  node.setHeader('Content-Disposition', disposition ?? (contentId === undefined ? 'attachment' : 'inline'));
  return node.setContent(content);
}
