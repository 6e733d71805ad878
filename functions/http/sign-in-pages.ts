import { signInAddress, type Account } from '../accounts/account.ts';
import type { Confirmed } from '../accounts/confirm-consent.ts';
import type { Connection } from '../accounts/connect-account.ts';
import type { Report } from '../health/report.ts';
import type { ErrorCode, GatewayError } from '../shared/errors.ts';
import { asHtml, escape, page } from './pages.ts';
import { actors, reportSection } from './report-section.ts';

/** The page a connect link opens: whom it is for, and a button. Who only looks at it starts nothing. */
export function invitationPage(account: Account, expiresAt: string): string {
  const person = escape(signInAddress(account));
  const mailbox = escape(account.address);
  const forShared = account.delegate === undefined ? '' : `, which ${person} has access to`;
  return page(
    `Connect ${account.address}`,
    `<span class="badge">Invitation</span>
     <h1>Connect ${mailbox}</h1>
     <p>Whoever runs Postern asks to send and receive mail for this mailbox${forShared}. You sign in at Microsoft, which
     shows what is asked for; Postern never sees your password.</p>
     <p>Sign in as <strong>${person}</strong>. When Microsoft offers other accounts only, choose “Use another account”.</p>
     <form method="post"><button class="button">Continue to Microsoft</button></form>
     <p class="aside">You did not expect this? Close the page, and nothing happens. The link can be used once, until
     ${escape(timeOf(expiresAt))}.</p>`,
  );
}

/** The page of a connect link that has done its work. */
export function linkUsedPage({ address }: Account, usedAt: string): string {
  return page(
    'This link was used',
    `<span class="badge">Used</span>
     <h1>This link was used</h1>
     <p>${escape(address)} was connected on ${escape(timeOf(usedAt))}. There is nothing more to do.</p>
     <p class="aside">To connect the mailbox once more, ask whoever sent you the link for a new one.</p>`,
  );
}

/** The page after a sign-in that ended well, with what an examination of the mailbox found, where there was one. */
export function connectedPage({ account, returnTo }: Confirmed, report: Report | undefined): string {
  const { identity } = account;
  const other = identity !== undefined && identity.address.toLowerCase() !== account.address.toLowerCase();
  return page(
    'Mailbox connected',
    `<span class="badge good">Outlook Token Valid</span>
     <h1>${escape(account.address)} is connected</h1>
     ${other ? `<p>Signed in as ${escape(identity.address)}.</p>` : ''}
     <p>${report?.ok === false ? notYet : `Postern can now send and receive for this mailbox.${returnTo === undefined ? nothingMore : ''}`}</p>
     ${report === undefined ? '' : reportSection(report)}
     ${returnTo === undefined ? '' : `<p><a class="button" href="${escape(returnTo)}">Back to the console</a></p>`}
     <p class="aside">To take this back at any time, have whoever runs Postern disconnect the mailbox, or remove
     Postern at <a href="https://myapps.microsoft.com">myapps.microsoft.com</a> (personal accounts:
     <a href="https://account.live.com/consent/Manage">account.live.com</a>).</p>`,
  );
}

const nothingMore = ' There is nothing more to do: you can close this page.';

const notYet =
  'The sign-in worked. Not everything else did: what is marked below has to be mended before Postern can use the mailbox.';

/** What that page is later on: it tells nobody whether anything was connected. */
export function receiptOverPage(): string {
  return page(
    'This page has ended',
    `<h1>This page has ended</h1>
     <p>It told for 15 minutes what a sign-in came to. Whether the mailbox is connected, whoever runs Postern can tell.</p>`,
  );
}

/** The page after an administrator approved the application. Anybody can ask for it, so it tells only what Microsoft said. */
export function approvedPage(next: Connection | undefined): string {
  const step =
    next === undefined
      ? `<p>No mailbox has been connected by that: whoever was stopped can now connect again, with the link that was given
         before or with a new one from whoever runs Postern.</p>`
      : `<p>One step is left: <strong>${escape(next.signInAs)}</strong> has to sign in.</p>
         <p><a class="button" href="${escape(next.authorizeUrl)}">Sign in as ${escape(next.signInAs)}</a></p>
         <p class="aside">This works for 15 minutes. If that is not you, tell that person that Postern is approved, and
         that the link given before, or a new one from whoever runs Postern, works now.</p>`;
  return page(
    'Postern is approved',
    `<span class="badge good">Approved</span>
     <h1>Postern is approved for your organisation</h1>
     <p>Microsoft reports that an administrator approved it.</p>
     ${step}`,
  );
}

/** The page after a sign-in to the console: it leads on at once, from here, so that the session's cookie goes along. */
export function signedInPage(name: string, path: string): string {
  return page(
    'Signed in',
    `<span class="badge good">Signed in</span>
     <h1>Signed in as ${escape(name)}</h1>
     <p><a class="button" href="${escape(path)}">Continue to the console</a></p>`,
  );
}

const badges: Partial<Record<ErrorCode, string>> = { 'connect-link-unknown': 'No sign-in' };

/** The page after one that did not: what happened, who must act, what to do. */
export function refusedPage({ code, message, meaning, data }: GatewayError, badge = 'Not connected'): string {
  const { remedy, upstream } = data;
  const facts: (readonly [string, string | undefined])[] = [
    ['Code', code],
    ['Microsoft’s number', upstream?.aadsts && `AADSTS${upstream.aadsts}`],
    ['Trace ID', upstream?.traceId],
    ['Correlation ID', upstream?.correlationId],
    ['Microsoft’s words', upstream?.text],
  ];
  const shown = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`],
  );
  return page(
    meaning.title,
    `<span class="badge bad">${badges[code] ?? badge}</span>
     <h1>${escape(meaning.title)}</h1>
     <p>${escape(message)}</p>
     <p><strong>Who can mend it:</strong> ${actors[meaning.actor]}</p>
     ${remedy === undefined ? '' : `<p><strong>What to do:</strong> ${asHtml(remedy)}</p>`}
     <dl>${shown.join('')}</dl>`,
  );
}

/** A time for people, in the one zone that is the same for all. */
function timeOf(iso: string): string {
  return `${new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
}
