import type { HtmlToTextOptions } from 'html-to-text';

/** Characters of HTML that are read: elements that are never closed take time by the square of their number. */
const longestHtml = 200_000;

const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 200, ellipsis: '...' },
  formatters: {
    // What an image says stands in its alternative text; where it lies means nothing without it.
    alternative(element, _walk, builder) {
      const alt: unknown = (element.attribs as Record<string, unknown> | undefined)?.['alt'];
      if (typeof alt === 'string' && alt !== '') builder.addInline(alt);
    },
  },
  selectors: [
    { selector: 'title', format: 'skip' },
    { selector: 'img', format: 'alternative' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/** The text of an HTML body, of a very long one the beginning, for readers that show no HTML. */
export async function htmlToPlain(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  return convert(html.slice(0, longestHtml), options);
}
