import type { User } from '../directory.ts';
import type { EntraErrorBody } from './entra-error.ts';

const style = `
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f2f2f2; color: #1b1b1b;
    font: 16px/1.5 'Segoe UI', system-ui, sans-serif; }
  main { box-sizing: border-box; width: min(28rem, 100%); padding: 2.5rem; background: #fff;
    box-shadow: 0 2px 6px #0003; overflow-wrap: anywhere; }
  .brand { margin: 0 0 1rem; color: #616161; font-weight: 600; }
  h1 { margin: 0 0 1rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
  ul { margin: 0 0 1rem; padding: 0; list-style: none; }
  li + li { border-top: 1px solid #e0e0e0; }
  .permissions li { padding: .5rem 0; }
  .account { width: 100%; padding: .75rem; border: 0; background: none; color: inherit; font: inherit; text-align: left;
    cursor: pointer; }
  .account:hover { background: #0001; }
  .account span { display: block; color: #616161; }
  .answers { display: flex; justify-content: flex-end; gap: .5rem; }
  .answers button { min-width: 7rem; padding: .5rem 1rem; border: 1px solid #8a8a8a; background: #fff; color: #1b1b1b;
    font: inherit; cursor: pointer; }
  .answers button[value=accept] { border-color: #005a9e; background: #005a9e; color: #fff; }
  a { color: #005a9e; }
  :focus-visible { outline: 3px solid #005a9e; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    body { background: #1b1b1b; color: #f2f2f2; } main { background: #2b2b2b; } a { color: #6cb8f6; }
    .brand, .account span { color: #bdbdbd; } li + li { border-color: #454545; }
    :focus-visible { outline-color: #6cb8f6; }
  }
`;

/** Which accounts there are; the hinted one comes first. */
export function accountPage(tenant: string, flow: string, applicationName: string, users: readonly User[]): string {
  const items = users.map(
    ({ name, address }) =>
      `<li><button class="account" name="account" value="${text(address)}">${text(name)} <span>${text(address)}</span></button></li>`,
  );
  return page(
    'Pick an account',
    `<p>to continue to ${text(applicationName)}</p>
    ${form(tenant, 'signin', flow, `<ul>${items.join('')}</ul>`)}`,
  );
}

/** What the application asks for, and yes or no. */
export function consentPage(
  tenant: string,
  flow: string,
  applicationName: string,
  account: string,
  permissions: readonly string[],
): string {
  return page(
    'Permissions requested',
    `<p>${text(account)}</p>
    <p><strong>${text(applicationName)}</strong> would like to:</p>
    ${permissionList(permissions)}
    ${form(tenant, 'consent', flow, answers)}`,
  );
}

/** The same, for everybody in the organization. */
export function adminConsentPage(
  tenant: string,
  flow: string,
  applicationName: string,
  permissions: readonly string[],
): string {
  return page(
    'Permissions requested: review for your organization',
    `<p>You act as the administrator. <strong>${text(applicationName)}</strong> would like to:</p>
    ${permissionList(permissions)}
    <p>If you accept, nobody in your organization will be asked again.</p>
    ${form(tenant, 'adminconsent', flow, answers)}`,
  );
}

/** The user may not consent; all he can do is go back. */
export function adminApprovalPage(applicationName: string, account: string, back: string): string {
  return page(
    'Need admin approval',
    `<p>${text(account)}</p>
    <p><strong>${text(applicationName)}</strong> needs permission to access resources in your organization that only an
    admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
    <p><a href="${text(back)}">Return to the application without granting consent</a></p>`,
  );
}

export function errorPage(error: EntraErrorBody): string {
  return page('Sorry, but we’re having trouble signing you in', `<p>${text(error.error_description)}</p>`);
}

const answers = `<div class="answers">
      <button name="answer" value="cancel">Cancel</button>
      <button name="answer" value="accept">Accept</button>
    </div>`;

// As Entra words them.
const wording: Record<string, string> = {
  'IMAP.AccessAsUser.All': 'Read and write access to your mail via IMAP',
  'SMTP.Send': 'Send emails from your mailbox using SMTP AUTH',
  'POP.AccessAsUser.All': 'Read access to your mail via POP',
  offline_access: 'Maintain access to data you have given it access to',
  openid: 'Sign you in',
  profile: 'View your basic profile',
  email: 'View your email address',
};

function permissionList(permissions: readonly string[]) {
  const items = permissions.map((permission) => {
    const name = permission.slice(permission.lastIndexOf('/') + 1);
    return `<li>${text(wording[name] ?? permission)}</li>`;
  });
  return `<ul class="permissions">${items.join('')}</ul>`;
}

function form(tenant: string, action: string, flow: string, content: string) {
  return `<form method="post" action="/${text(tenant)}/${action}">
      <input type="hidden" name="flow" value="${text(flow)}">
      ${content}
    </form>`;
}

/** A whole page; `content` is HTML, already escaped. */
export function page(title: string, content: string) {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${text(title)}</title>
  <style>${style}</style>
</head>
<body>
  <main>
    <p class="brand">Microsoft 365 on this computer</p>
    <h1>${text(title)}</h1>
    ${content}
  </main>
</body>
</html>
`;
}

/** Text as HTML. */
export function text(value: string) {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
