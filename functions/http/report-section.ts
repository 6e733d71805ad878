import type { Leg, LegName, Report } from '../health/report.ts';
import type { Actor } from '../shared/errors.ts';
import { asHtml, escape } from './pages.ts';

/** The legs in words for people. */
const names: Readonly<Record<LegName, string>> = {
  credential: 'Microsoft knows Postern',
  token: 'Microsoft gives access',
  claims: 'The access is the right one',
  'imap-login': 'Receiving: the mailbox opens',
  'imap-select': 'Receiving: the folders open',
  'smtp-connect': 'Sending: the mail server answers',
  'smtp-login': 'Sending: the mail server lets us in',
  'smtp-sender': 'Sending: the mailbox may be the sender',
};

const marks = { passed: '✓', failed: '✗', 'not-reached': '–', skipped: '–' } as const;
const words = { passed: 'works', failed: 'does not work', 'not-reached': 'not tried', skipped: 'not needed' } as const;

/** Who must act, in words for the person who sees the page: usually the owner of the mailbox. */
export const actors = {
  caller: 'Whoever runs Postern; show them this page.',
  'mailbox owner': 'You, as the owner of the mailbox.',
  'tenant admin': 'An administrator of your organisation’s Microsoft 365; show them this page.',
  operator: 'Whoever runs Postern; show them this page.',
} as const satisfies Record<Actor, string>;

/** What an examination found, as HTML: every leg, and of one that failed why, who can mend it and how. */
export function reportSection({ legs }: Report): string {
  const items = legs.map((leg) => {
    const told = `<span aria-hidden="true">${marks[leg.status]}</span> ${names[leg.leg]}`;
    return `<li class="${leg.status}">${told} <span class="aside">${words[leg.status]}</span>${leg.status === 'failed' ? trouble(leg) : ''}</li>`;
  });
  return `<h2>What was tried</h2><ul class="legs">${items.join('')}</ul>`;
}

function trouble({ cause = '', actor = 'operator', remedy }: Leg): string {
  const what = remedy === undefined ? '' : `<p><strong>What to do:</strong> ${asHtml(remedy)}</p>`;
  return `<p>${escape(cause)}</p><p><strong>Who can mend it:</strong> ${actors[actor]}</p>${what}`;
}
