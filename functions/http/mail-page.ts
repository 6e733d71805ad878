import type { ImageChoice } from '../received/with-images.ts';

const style = `
  html { color-scheme: light; background: #fff; color: #1b1b1b; }
  body { margin: 1rem; font: 14px/1.5 'Segoe UI', system-ui, sans-serif; overflow-wrap: anywhere; }
  img { max-width: 100%; height: auto; }
  img:not([src]) { min-width: 1.5rem; min-height: 1.5rem; outline: 1px dashed #8a8a8a; outline-offset: -1px; }
  img:not([src])[width="1"], img:not([src])[height="1"] { display: none; }`;

/**
 * The HTML of a mail as a page for a frame of the console. Its policy is the second lock behind `safeHtml`: nothing runs,
 * nothing is sent, nothing is loaded but images over https and only where they are wanted; it belongs to no origin, so that
 * it could reach nothing of ours. Links open pages of their own, which are told nothing of where they were found.
 */
export function mailPage(html: string, images: ImageChoice): { headers: Record<string, string>; body: string } {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src data:${images === 'remote' ? ' https:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ];
  return {
    headers: {
      'content-security-policy': policy.join('; '),
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mail</title><style>${style}</style></head>
<body>${html}</body></html>
`,
  };
}
