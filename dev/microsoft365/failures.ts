import { createCertificateAuthority } from '../certificates.ts';
import type { Circumstance, Circumstances } from './circumstances.ts';
import type { Directory } from './directory.ts';
import type { Faults, ImapFault, SmtpFault, TokenFault } from './faults.ts';
import type { ImapListener } from './imap/imap-server.ts';
import { aadsts, type AadstsCode } from './login/aadsts.ts';
import type { Grants } from './login/grants.ts';
import type { Application } from './login/tenant.ts';
import type { SmtpListener } from './smtp/smtp-server.ts';

/** What failures are made with. */
export interface Works {
  circumstances: Circumstances;
  faults: Faults;
  grants: Grants;
  applications: readonly Application[];
  directory: Directory;
  smtp: SmtpListener;
  imap: ImapListener;
  tls: { key: string; cert: string };
}

type Undo = () => void | Promise<void>;

/** One thing that can be wrong with the Microsoft 365, until it is undone. */
export interface Failure {
  about: string;
  /** Makes it so, for everybody or for one address. @returns what undoes it */
  start(works: Works, address?: string): Undo | Promise<Undo>;
}

/** Every failure by its name: first those that are a state of the tenant, then those that are only said. */
export const failures: Readonly<Record<string, Failure>> = {
  'smtp-auth-disabled-tenant': {
    about: 'SMTP AUTH is off for the organisation',
    start: (works) => holds('smtp auth off').start(works),
  },
  'smtp-auth-disabled-mailbox': {
    about: 'SMTP AUTH is off for each mailbox',
    start({ circumstances, directory }, address) {
      const mailboxes = address === undefined ? directory.mailboxes : [address];
      for (const mailbox of mailboxes) circumstances.begin('smtp auth off', mailbox);
      return () => {
        for (const mailbox of mailboxes) circumstances.end('smtp auth off', mailbox);
      };
    },
  },
  'security-defaults': holds('security defaults', 'security defaults forbid SMTP AUTH'),
  'conditional-access': holds('conditional access', 'a Conditional Access policy forbids SMTP AUTH'),
  'send-as-denied': holds('may not send as', 'nobody may send as the address'),
  'too-many-senders': holds('no connections left', 'the mailbox has all its SMTP connections in use'),
  'imap-disabled': holds('imap off', 'IMAP is off'),
  'no-licence': holds('no licence', 'no Exchange licence'),
  'no-full-access': holds('no full access', 'no Full Access to mailboxes of others'),
  'upn-differs': holds('sign-in name changed', 'the sign-in name was changed, the mailbox kept its address'),
  'user-disabled': holds('user disabled', 'the person is disabled in Entra ID'),
  'not-assigned': holds('not assigned', 'the person is not assigned to the application'),
  'mfa-required': holds('second factor missing', 'a second factor is demanded since the consent'),
  'app-disabled': holds('application disabled', 'the enterprise application is disabled'),
  'wrong-tenant': holds('application absent', 'the tenant does not have the application'),
  'secret-expired': holds('secret expired', 'the client secret has expired'),
  'secret-wrong': {
    about: 'the client secret was replaced by another',
    start({ applications }) {
      const before = applications.map((application) => application.clientSecrets);
      for (const application of applications) application.clientSecrets = [];
      return () => {
        for (const [index, application] of applications.entries()) application.clientSecrets = before[index] ?? [];
      };
    },
  },
  'graph-audience': holds('token for Graph', 'Entra ID makes tokens for Microsoft Graph'),
  'missing-scope-smtp': holds('token without SMTP.Send', 'the tokens lack SMTP.Send'),
  'missing-scope-imap': holds('token without IMAP.AccessAsUser.All', 'the tokens lack IMAP.AccessAsUser.All'),
  'consent-withdrawn': {
    about: 'the consent was withdrawn',
    start({ grants, applications, directory }, address) {
      const undo = affected(directory, address).flatMap((user) =>
        applications.map(({ clientId }) => {
          const permissions = grants.withdraw(clientId, user);
          return () => {
            grants.consent(clientId, user, permissions);
          };
        }),
      );
      return () => {
        for (const each of undo) each();
      };
    },
  },
  revoked: {
    about: 'all sessions were revoked; only a new sign-in mends it',
    start({ grants, directory }, address) {
      for (const user of affected(directory, address)) grants.revoke(user);
      return () => undefined;
    },
  },
  'untrusted-certificate': {
    about: 'the mail servers show a certificate of an authority nobody knows',
    async start({ smtp, imap, tls }) {
      const stranger = await (await createCertificateAuthority()).issue(['localhost']);
      for (const server of [smtp, imap]) server.present(stranger);
      return () => {
        for (const server of [smtp, imap]) server.present(tls);
      };
    },
  },
  'connection-refused': {
    about: 'nobody listens at the mail servers',
    async start({ smtp, imap }) {
      await Promise.all([smtp.close(), imap.close()]);
      return async () => {
        await Promise.all([smtp.open(), imap.open()]);
      };
    },
  },

  'slow-server': saying('the mail servers take connections and say nothing', {
    smtp: [{ at: 'connect' }],
    imap: [{ at: 'connect' }],
  }),
  'basic-auth': saying('the login is taken for one by password', {
    smtp: [{ at: 'auth', reply: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.' }],
  }),
  'login-refused': saying('the mail servers refuse the token and do not say why', {
    smtp: [{ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful' }],
    imap: [{ at: 'authenticate', reply: 'NO AUTHENTICATE failed.' }],
  }),
  'smtp-busy': saying('SMTP asks to try again later', {
    smtp: [{ at: 'auth', reply: '451 4.7.0 Temporary server error. Please try again later. PRX4' }],
  }),
  'smtp-rate': saying('too many messages a minute', {
    smtp: [
      { at: 'mail', reply: '421 4.4.2 Message submission rate for this client has exceeded the configured limit' },
    ],
  }),
  'smtp-hangs-up': saying('SMTP hangs up', { smtp: [{ at: 'connect', drop: true }] }),
  'imap-throttled': saying('IMAP is throttled', {
    imap: opening('BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds'),
  }),
  'too-many-connections': saying('IMAP has too many connections', {
    imap: opening('BAD User is authenticated but not connected.'),
  }),
  'password-reset': refusing(50133, 'the password was reset'),
  'unused-for-90-days': refusing(700082, 'the grant was not used for 90 days'),
  'admin-consent-needed': refusing(90094, 'only an administrator may consent'),
  'service-unavailable': refusing(90033, 'Entra ID is unavailable for a while'),
  'loop-detected': refusing(50196, 'Entra ID has had too many of the same requests'),
  ...Object.fromEntries(
    Object.keys(aadsts).map((code) => [
      `aadsts-${code}`,
      refusing(Number(code) as AadstsCode, aadsts[Number(code) as AadstsCode].text),
    ]),
  ),
};

/** A state of the tenant. */
function holds(circumstance: Circumstance, about: string = circumstance): Failure {
  return {
    about,
    start({ circumstances }, address) {
      circumstances.begin(circumstance, address);
      return () => {
        circumstances.end(circumstance, address);
      };
    },
  };
}

/** The same answer every time. */
function saying(
  about: string,
  { smtp = [], imap = [] }: { smtp?: readonly SmtpFault[]; imap?: readonly ImapFault[] },
): Failure {
  return {
    about,
    start({ faults }, address) {
      // Before the login nobody is known.
      const lasting = <F extends SmtpFault | ImapFault>(fault: F): F => ({
        ...fault,
        times: Infinity,
        ...(address !== undefined && fault.at !== 'connect' && { user: address }),
      });
      const undo = [
        ...smtp.map((fault) => add(faults.smtp, lasting(fault))),
        ...imap.map((fault) => add(faults.imap, lasting(fault))),
      ];
      return () => {
        for (const each of undo) each();
      };
    },
  };
}

/** What IMAP says to every attempt to open a folder. */
function opening(reply: string): ImapFault[] {
  return [{ at: 'select', reply }];
}

/** Entra ID refuses every token. */
function refusing(code: AadstsCode, about: string): Failure {
  return {
    about,
    start: ({ faults }, address) =>
      add<TokenFault>(faults.token, { aadsts: code, times: Infinity, ...(address !== undefined && { user: address }) }),
  };
}

function add<F>(queue: F[], fault: F): () => void {
  queue.push(fault);
  return () => {
    const at = queue.indexOf(fault);
    if (at >= 0) queue.splice(at, 1);
  };
}

function affected({ users }: Directory, address: string | undefined): readonly string[] {
  return address === undefined ? users.map((user) => user.address) : [address];
}
