const style = `
  :root { color-scheme: light dark; font: 16px/1.6 "Segoe UI", system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f5f5f5, #141414); color: light-dark(#242424, #f0f0f0); }
  main { box-sizing: border-box; width: min(36rem, calc(100vw - 2rem)); margin: 1rem; padding: 2rem 2.25rem; border-radius: 8px; background: light-dark(#fff, #292929); box-shadow: 0 2px 8px #0002; overflow-wrap: anywhere; }
  main.wide { width: min(64rem, calc(100vw - 2rem)); }
  h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.3; }
  h2 { margin: 2rem 0 0; font-size: 1.125rem; }
  p { margin: .75rem 0; }
  a { color: light-dark(#0b57a4, #82bdf5); }
  .badge { display: inline-block; margin-bottom: .75rem; padding: .1rem .7rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; background: light-dark(#e5effa, #12314e); color: light-dark(#0b4680, #a9d3fb); }
  .good { background: light-dark(#dff6dd, #0e3b0e); color: light-dark(#0b5a08, #9ff09a); }
  .bad { background: light-dark(#fde7e9, #4a0e12); color: light-dark(#8e1218, #ffb3b8); }
  code { font-family: ui-monospace, Consolas, monospace; font-size: .875em; }
  .address { display: block; margin: .5rem 0; padding: .5rem .75rem; border-radius: 4px; background: light-dark(#f5f5f5, #1f1f1f); font-size: .8125rem; line-height: 1.4; }
  .aside { margin-top: 1.25rem; color: light-dark(#616161, #adadad); font-size: .875rem; }
  .button { display: inline-block; padding: .6rem 1.25rem; border: 0; border-radius: 4px; background: light-dark(#0b57a4, #82bdf5); color: light-dark(#fff, #10273d); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
  .button:hover { background: light-dark(#084482, #a3cff8); }
  :focus-visible { outline: 3px solid light-dark(#0b57a4, #82bdf5); outline-offset: 2px; }
  .legs { margin: .5rem 0 1rem; padding: 0; list-style: none; }
  .legs li { padding: .3rem 0 .3rem 1.75rem; text-indent: -1.75rem; }
  .legs li > * { text-indent: 0; }
  .legs li > span:first-child { display: inline-block; width: 1.75rem; font-weight: 700; }
  .legs .aside { margin: 0; }
  .passed > span:first-child { color: light-dark(#0b5a08, #9ff09a); }
  .failed > span:first-child { color: light-dark(#8e1218, #ffb3b8); }
  dl { display: grid; grid-template-columns: fit-content(24rem) 1fr; gap: .25rem 1.25rem; margin: 1.25rem 0 0; font-size: .875rem; }
  .wide dl { grid-template-columns: 24rem 1fr; }
  dt { color: light-dark(#616161, #adadad); }
  dd { margin: 0; }
  dt:target, dt:target + dd { background: light-dark(#fff4ce, #433519); }
  @media (max-width: 40rem) { main { padding: 1.5rem 1.25rem; } h1 { font-size: 1.25rem; } dl, .wide dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }`;

/** What every page is sent with: nothing is loaded, run, framed, kept or told to anybody. */
export const pageHeaders = headersFor("'none'");

/**
 * The same for a page whose form leads on to Microsoft. Chrome holds the redirects after a form to this as well, and they
 * go on to other hosts: login.live.com for personal accounts, an organisation's own sign-in, localhost on a laptop.
 */
export const formPageHeaders = headersFor("'self' https: http://localhost:*");

function headersFor(formAction: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

/** A whole page; `content` is HTML, already escaped. */
export function page(title: string, content: string, width: 'narrow' | 'wide' = 'narrow'): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)} · Postern</title><style>${style}</style></head>
<body><main class="${width}">${content}</main></body>
</html>
`;
}

/** Text as HTML. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Our own text as HTML: lines are paragraphs, addresses can be followed, calls of the API and commands stand out. */
export function asHtml(text: string): string {
  return text
    .split(
      /(https?:\/\/[^\s,]+|\n|\b(?:GET|PUT|POST|PATCH) \/\S+(?: \{.*\})?|\b(?:Add|Get|New|Set|Update)-[A-Z]\w+ [^();\n]+|\baz [a-z]+ [^();\n]+)/,
    )
    .map((part, index) => {
      const shown = escape(part);
      if (index % 2 === 0) return shown;
      if (part === '\n') return '</p><p>';
      if (!part.startsWith('http')) return `<code>${shown}</code>`;
      // Long ones are for sending on.
      return `<a${part.length > 60 ? ' class="address"' : ''} href="${shown}">${shown}</a>`;
    })
    .join('');
}
