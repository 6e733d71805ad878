import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import type { MailIdentity } from './login/access-tokens.ts';

/** What administrators have allowed applications in Exchange Online, as they do with its PowerShell. */
export interface ApplicationAccess {
  /** `New-ServicePrincipal`: Exchange knows the application by the object id of the *enterprise application*. */
  newServicePrincipal(objectId: string): void;
  /** `Add-MailboxPermission -AccessRights FullAccess` */
  addMailboxPermission(mailbox: string, objectId: string): void;
  /** `New-ManagementRoleAssignment -Role "Application SMTP.SendAsApp"`, with a scope of this mailbox. */
  assignSendAsApp(mailbox: string, objectId: string): void;
  /** Everything that was allowed for a mailbox is taken back. */
  removeMailboxPermission(mailbox: string): void;
}

export interface ApplicationRules {
  isKnown(application: MailIdentity): boolean;
  maySend(application: MailIdentity, mailbox: string): boolean;
  mayOpen(application: MailIdentity, mailbox: string): boolean;
}

interface State {
  servicePrincipals: string[];
  /** Mailbox and object id. */
  fullAccess: string[];
  sendAsApp: string[];
}

/** Kept in a file if there is a folder. */
export function createApplicationAccess(folder?: string): ApplicationAccess & ApplicationRules {
  const file = folder === undefined ? undefined : join(folder, 'application-access.json');
  const saved = file === undefined ? undefined : readIfThere(file);
  const state = (saved === undefined ? {} : JSON.parse(saved)) as Partial<State>;
  const has = (list: keyof State, entry: string) => state[list]?.includes(entry) === true;
  const add = (list: keyof State, entry: string) => {
    change(list, [...new Set([...(state[list] ?? []), entry])]);
  };
  const change = (list: keyof State, entries: string[]) => {
    state[list] = entries;
    if (file !== undefined) writeAtomically(file, JSON.stringify(state, null, 2));
  };
  const key = (mailbox: string, objectId: string) => `${mailbox.toLowerCase()} ${objectId}`;
  const isKnown = ({ objectId }: MailIdentity) => has('servicePrincipals', objectId);

  return {
    newServicePrincipal: (objectId) => {
      add('servicePrincipals', objectId);
    },
    addMailboxPermission: (mailbox, objectId) => {
      add('fullAccess', key(mailbox, objectId));
    },
    assignSendAsApp: (mailbox, objectId) => {
      add('sendAsApp', key(mailbox, objectId));
    },
    removeMailboxPermission(mailbox) {
      for (const list of ['fullAccess', 'sendAsApp'] as const)
        change(
          list,
          (state[list] ?? []).filter((entry) => !entry.startsWith(`${mailbox.toLowerCase()} `)),
        );
    },
    isKnown,
    // A token that names the permission "would trigger an unnecessary check for mailbox permissions"
    // (smtp-app-rbac-onboarding); without it the role alone counts.
    maySend: (application, mailbox) =>
      isKnown(application) &&
      has(
        application.permissions.includes('SMTP.SendAsApp') ? 'fullAccess' : 'sendAsApp',
        key(mailbox, application.objectId),
      ),
    mayOpen: (application, mailbox) =>
      isKnown(application) &&
      application.permissions.includes('IMAP.AccessAsApp') &&
      has('fullAccess', key(mailbox, application.objectId)),
  };
}
