import type { MailAttachment } from './parse-mime.ts';

/** `own`: the images that came with the mail. `remote`: also those from elsewhere, whose servers learn that it is read. */
export const imageChoices = ['own', 'remote'] as const;
export type ImageChoice = (typeof imageChoices)[number];

/** Pictures made of pixels. SVG is a document, and may be one of another kind. */
const pictures = /^image\/(?:png|x-png|jpe?g|pjpeg|gif|webp|avif|bmp)$/i;
/** Octets of pictures in one page; a picture used twice counts twice. */
const mostPictures = 8 * 1024 * 1024;

/**
 * A mail's safe HTML with its images: those that came with it in place, as `data:`, and remote ones by https where they are
 * wanted. Reads what `MimeParser.safeHtml` writes, in which `<` begins nothing but a tag.
 */
export function withImages(safeHtml: string, attachments: readonly MailAttachment[], choice: ImageChoice): string {
  let left = mostPictures;
  const dataOf = (id: string): string | undefined => {
    const picture = attachments.find(({ contentId, contentType }) => contentId === id && pictures.test(contentType));
    if (picture === undefined || picture.size > left) return undefined;
    left -= picture.size;
    return `data:${picture.contentType.toLowerCase()};base64,${Buffer.from(picture.content).toString('base64')}`;
  };
  return safeHtml.replaceAll(/<img\b[^>]*>/g, (tag) => {
    const own = / src="cid:([^"]*)"/i.exec(tag);
    if (own !== null) {
      const data = dataOf(idOf(own[1] ?? ''));
      return tag.replace(own[0], () => (data === undefined ? '' : ` src="${data}"`));
    }
    return choice === 'remote' ? tag.replace(/ data-src="(https:[^"]*)"/i, ' src="$1"') : tag;
  });
}

/** The Content-ID in a `cid:` URL as HTML has it (RFC 2392). */
function idOf(url: string): string {
  const id = url.replaceAll('&amp;', '&');
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
