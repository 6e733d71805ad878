import type { IOptions, Tag } from 'sanitize-html';

/** Characters of HTML that are read. */
const longestHtml = 500_000;
const deepestNesting = 200;
/** Elements that are never closed take the parser time by the square of their number. */
const mostOpen = 2_000;
/** These have no end, or the next of their kind is it. */
const neverDeep = new Set(['br', 'col', 'dd', 'dt', 'hr', 'img', 'input', 'li', 'link', 'meta', 'p', 'td', 'th', 'tr']);

const structure = ['div', 'p', 'br', 'hr', 'span', 'center', 'blockquote', 'pre', 'address', 'section', 'article'];
const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
const words = ['a', 'abbr', 'b', 'big', 'cite', 'code', 'del', 'em', 'font', 'i', 'ins', 'kbd', 'mark', 'q', 's'];
const moreWords = ['samp', 'small', 'strike', 'strong', 'sub', 'sup', 'tt', 'u', 'wbr', 'bdi', 'bdo'];
const lists = ['ul', 'ol', 'li', 'dl', 'dt', 'dd'];
const tables = ['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'];

/** No functions but colours, no escapes, no comments: nothing that could load anything or reach out of its place. */
const plainValue = [/^(?:[\w\s#%.,'"!+-]|rgba?\([\d\s.,%]+\)|hsla?\([\d\s.,%deg]+\))+$/i];
const styles = [
  ...['color', 'background-color', 'font', 'font-family', 'font-size', 'font-style', 'font-weight', 'font-variant'],
  ...['text-align', 'text-decoration', 'text-indent', 'text-transform', 'line-height', 'letter-spacing'],
  ...['vertical-align', 'white-space', 'word-break', 'direction', 'list-style-type'],
  ...['width', 'max-width', 'min-width', 'height', 'border-collapse', 'border-spacing', 'border-radius'],
  ...['', '-top', '-right', '-bottom', '-left'].flatMap((side) => [`margin${side}`, `padding${side}`, `border${side}`]),
  ...['border-color', 'border-style', 'border-width'],
];
const sizes = ['width', 'height', 'align', 'valign', 'bgcolor', 'dir', 'lang', 'title', 'style'];

const options: IOptions = {
  allowedTags: [...structure, ...headings, ...words, ...moreWords, ...lists, ...tables, 'img'],
  allowedAttributes: {
    '*': sizes,
    a: ['href', 'target', 'rel'],
    img: ['src', 'data-src', 'alt', 'border'],
    font: ['color', 'face', 'size'],
    table: ['border', 'cellpadding', 'cellspacing'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    col: ['span'],
    ol: ['start', 'type'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  allowedStyles: { '*': Object.fromEntries(styles.map((style) => [style, plainValue])) },
  transformTags: { a: toLink, img: toImage },
  nonTextTags: [
    'style',
    'script',
    'textarea',
    'option',
    'select',
    'noscript',
    'title',
    'svg',
    'math',
    'template',
    'xmp',
    'noembed',
    'noframes',
    'plaintext',
    'iframe',
    'object',
  ],
  nestingLimit: deepestNesting,
};

/**
 * HTML that shows what a mail says, and can do nothing: no scripts, forms, frames or style sheets. Images in the mail
 * are `<img src="cid:...">`; those from elsewhere have their address in `data-src` alone, so that nobody is told that the
 * mail was read. Links open a page of their own. Of very long HTML it is the beginning.
 */
export async function safeHtml(html: string): Promise<string> {
  const { default: sanitize } = await import('sanitize-html');
  return sanitize(upToDepth(html.slice(0, longestHtml)), options);
}

function toLink(tagName: string, { href = '', target, rel, ...others }: Tag['attribs']): Tag {
  const address = href.trim();
  const isAllowed = /^(?:https?|mailto|tel):/i.test(address);
  const link = { href: address, target: '_blank', rel: 'noopener noreferrer' };
  return { tagName, attribs: { ...others, ...(isAllowed && link) } };
}

function toImage(tagName: string, { src = '', 'data-src': ignored, ...others }: Tag['attribs']): Tag {
  const address = src.trim();
  if (/^cid:/i.test(address)) return { tagName, attribs: { ...others, src: address } };
  return { tagName, attribs: { ...others, ...(/^https?:\/\//i.test(address) && { 'data-src': address }) } };
}

/** The HTML as far as it has no more elements open within each other than any person has written. */
function upToDepth(html: string): string {
  const open = new Map<string, number>();
  let depth = 0;
  for (const { 1: slash, 2: tag = '', index } of html.matchAll(/<(\/?)([a-z][a-z\d]*)/gi)) {
    const name = tag.toLowerCase();
    const count = open.get(name) ?? 0;
    const change = slash === '' ? 1 : -Math.min(count, 1);
    if (neverDeep.has(name)) continue;
    open.set(name, count + change);
    depth += change;
    if (depth > mostOpen) return html.slice(0, index);
  }
  return html;
}
