import { expect, test } from 'vitest';
import { safeHtml } from '../../functions/mail/safe-html.ts';

const link = (href: string, text: string) => `<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;

test.each([
  ['scripts and handlers', '<script>alert(1)</script><p onclick="x()">hi</p>', '<p>hi</p>'],
  [
    'a script as an address',
    '<a href="javascript:alert(1)">x</a><a href=" JaVaScRiPt:alert(1)">y</a>',
    '<a>x</a><a>y</a>',
  ],
  [
    'a script as an address, hidden',
    '<a href="java\tscript:1">x</a><a href="data:text/html,x">y</a>',
    '<a>x</a><a>y</a>',
  ],
  [
    'links',
    '<a href="https://e.example/?a=1&b=2" target=_top ping=x>z</a>',
    link('https://e.example/?a=1&amp;b=2', 'z'),
  ],
  ['addresses of mail', '<a href="mailto:a@b.example">m</a>', link('mailto:a@b.example', 'm')],
  ['addresses without a scheme', '<a href="//evil.example">x</a><a href="/path">y</a>', '<a>x</a><a>y</a>'],
  ['images of the mail', '<img src="cid:logo@x" onerror=x alt=Logo>', '<img alt="Logo" src="cid:logo@x" />'],
  [
    'remote images',
    '<img src="https://t.example/p.gif" width=1>',
    '<img width="1" data-src="https://t.example/p.gif" />',
  ],
  ['remote images, hidden', '<img srcset="https://t.example/p 2x"><img src="//t.example/p">', '<img /><img />'],
  ['data that says it is an image', '<img src="data:image/svg+xml;base64,AAAA">', '<img />'],
  ['a data-src of its own', '<img data-src="javascript:1" src="cid:a">', '<img src="cid:a" />'],
  ['forms', '<form action="https://x.example"><input name=a><button>go</button>text</form>', 'gotext'],
  ['sheets', '<style>p{color:red}</style><link rel=stylesheet href=x><p>s</p>', '<p>s</p>'],
  [
    'styles',
    '<p style="color:#123;font-family:\'Segoe UI\',Arial;padding:1px 2px">k</p>',
    '<p style="color:#123;font-family:\'Segoe UI\',Arial;padding:1px 2px">k</p>',
  ],
  [
    'styles that load or reach out',
    '<p style="background:url(https://x.example);position:fixed;width:expression(1);color:\\65x(1)">s</p>',
    '<p>s</p>',
  ],
  [
    'backgrounds',
    '<table background="https://x.example" bgcolor=red><tr><td>c</td></tr></table>',
    '<table bgcolor="red"><tr><td>c</td></tr></table>',
  ],
  [
    'pages within',
    '<iframe src=x>in</iframe><object data=x>obj</object><embed src=x><base href="https://x.example">after',
    'after',
  ],
  [
    'other kinds of markup',
    '<svg><script>1</script><a xlink:href="javascript:1">x</a></svg><math><mi>m</mi></math>after',
    'after',
  ],
  ['text that is none', '<textarea><img src=x onerror=1></textarea><xmp><img src=x onerror=1></xmp>z', 'z'],
  ['a refresh', '<meta http-equiv=refresh content="0;url=x">m', 'm'],
  ['comments', '<!--[if mso]><p>mso</p><![endif]-->v', 'v'],
  ['what is not closed', '<b>unclosed', '<b>unclosed</b>'],
  ['signs', '<p>1 < 2 & 3</p>', '<p>1 &lt; 2 &amp; 3</p>'],
])('%s', async (_, html, safe) => {
  expect(await safeHtml(html)).toBe(safe);
});

test.each([
  '<div>',
  '<b>',
  '<ul><li>',
  '<svg><p>',
  '<b></i>',
  '<',
  '&',
  '</div>',
  '<!--',
  '<p style="color:red">',
  '<td>',
])('a megabyte of %s takes no more than a moment', async (html) => {
  const began = performance.now();
  await safeHtml(html.repeat(Math.ceil(1_000_000 / html.length)));
  expect(performance.now() - began).toBeLessThan(8_000);
});
