import type { Account } from '../accounts/account.ts';
import type { Actor, GatewayError } from '../shared/errors.ts';

const style = `
  :root { color-scheme: light dark; font: 16px/1.6 "Segoe UI", system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f5f5f5, #141414); color: light-dark(#242424, #f0f0f0); }
  main { box-sizing: border-box; width: min(36rem, calc(100vw - 2rem)); margin: 1rem; padding: 2rem 2.25rem; border-radius: 8px; background: light-dark(#fff, #292929); box-shadow: 0 2px 8px #0002; overflow-wrap: anywhere; }
  main.wide { width: min(64rem, calc(100vw - 2rem)); }
  h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.3; }
  h2 { margin: 2rem 0 0; font-size: 1.125rem; }
  p { margin: .75rem 0; }
  a { color: light-dark(#0b57a4, #82bdf5); }
  .badge { display: inline-block; margin-bottom: .75rem; padding: .1rem .7rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; }
  .good { background: light-dark(#dff6dd, #0e3b0e); color: light-dark(#0b5a08, #9ff09a); }
  .bad { background: light-dark(#fde7e9, #4a0e12); color: light-dark(#8e1218, #ffb3b8); }
  .address { font-size: .8125rem; }
  dl { display: grid; grid-template-columns: fit-content(24rem) 1fr; gap: .25rem 1.25rem; margin: 1.25rem 0 0; font-size: .875rem; }
  .wide dl { grid-template-columns: 24rem 1fr; }
  dt { color: light-dark(#616161, #adadad); }
  dd { margin: 0; }
  dt:target, dt:target + dd { background: light-dark(#fff4ce, #433519); }
  @media (max-width: 40rem) { main { padding: 1.5rem 1.25rem; } dl, .wide dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }`;

/** What every page is sent with: nothing is loaded, run, framed, kept or told to anybody. */
export const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

/** The page after a sign-in that ended well. */
export function connectedPage(account: Account): string {
  const shared = account.delegate === undefined ? '' : `<p>Signed in as ${escape(account.delegate)}.</p>`;
  return page(
    'Mailbox connected',
    `<span class="badge good">Outlook Token Valid</span>
     <h1>${escape(account.address)} is connected</h1>
     ${shared}<p>Postern can now send and receive for this mailbox. You can close this page.</p>`,
  );
}

/** The page after an administrator approved the application. Anybody can ask for it, so it tells only what Microsoft said. */
export function approvedPage(): string {
  return page(
    'Postern is approved',
    `<span class="badge good">Approved</span>
     <h1>Postern is approved for your organisation</h1>
     <p>Microsoft reports that an administrator approved it. No mailbox has been connected by that: whoever was stopped
     can now connect again.</p>`,
  );
}

/** Who must act, in words for the person who sees the page: usually the owner of the mailbox. */
const actors = {
  caller: 'Whoever runs Postern',
  'mailbox owner': 'You, as the owner of the mailbox',
  'tenant admin': 'An administrator of your organisation’s Microsoft 365',
  operator: 'Whoever runs Postern',
} as const satisfies Record<Actor, string>;

/** The page after one that did not: what happened, who must act, what to do. */
export function refusedPage(error: GatewayError): string {
  const { remedy, upstream } = error.data;
  const facts = [
    // Microsoft refuses for many reasons; what to do says whose they are.
    ...(error.code === 'sign-in-failed' ? [] : [['Who can mend it', actors[error.meaning.actor]]]),
    ['Code', error.code],
    ...(upstream?.aadsts === undefined ? [] : [['Microsoft’s number', `AADSTS${upstream.aadsts}`]]),
    ...(upstream?.text === undefined ? [] : [['Microsoft’s words', upstream.text]]),
  ];
  return page(
    error.meaning.title,
    `<span class="badge bad">Not connected</span>
     <h1>${escape(error.meaning.title)}</h1>
     <p>${escape(error.message)}</p>
     ${remedy === undefined ? '' : `<p><strong>What to do:</strong> ${withLinks(remedy)}</p>`}
     <dl>${facts.map(([name, value]) => `<dt>${escape(name ?? '')}</dt><dd>${escape(value ?? '')}</dd>`).join('')}</dl>`,
  );
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

/** Our own text as HTML, in which addresses can be followed. */
function withLinks(text: string): string {
  const parts = text.split(/(https?:\/\/\S+)/);
  return parts
    .map((part, index) =>
      index % 2 === 0 ? escape(part) : `<a class="address" href="${escape(part)}">${escape(part)}</a>`,
    )
    .join('');
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
