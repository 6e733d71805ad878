import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCircumstances } from './circumstances.ts';
import { createApplicationAccess, type ApplicationAccess } from './application-access.ts';
import { createDirectory, type Directory, type SharedMailbox, type User } from './directory.ts';
import { createFailureSwitches, type FailureSwitches } from './failure-switches.ts';
import { createFaults, type Faults } from './faults.ts';
import { startImapServer } from './imap/imap-server.ts';
import { createAccessTokens } from './login/access-tokens.ts';
import { createAuthorizationCodes } from './login/authorization-codes.ts';
import { createGrants } from './login/grants.ts';
import { createJwtSigner } from './login/jwt.ts';
import { listenForLogin, serveLogin } from './login/login-server.ts';
import type { Application, Issuer } from './login/tenant.ts';
import { createFileCopies } from './mailboxes/copies.ts';
import { createMailbox, type Mailbox } from './mailboxes/mailbox.ts';
import { createMessageFiles, fileName } from './mailboxes/message-files.ts';
import { startSmtpServer } from './smtp/smtp-server.ts';
import type { OutsideMail } from './smtp/submit-message.ts';

export interface Microsoft365Options {
  /** For `localhost`, PEM, from an authority the clients trust. */
  tls: { key: string; cert: string };
  /** Where mailboxes, consents and keys are kept over restarts, also after `kill -9`. Left out: in memory only. */
  folder?: string;
  tenantId: string;
  applications: Application[];
  /** Whose tokens can stand in for a credential of an application. Left out: nobody's. */
  issuers?: Issuer[];
  users: User[];
  sharedMailboxes: SharedMailbox[];
  /** Left out or 0: any free port. */
  ports?: { login?: number; smtp?: number; imap?: number };
}

/** How often something was used since the start. */
export interface Sessions {
  tokenRequests: number;
  smtpConnections: number;
  imapConnections: number;
  /** Messages accepted. */
  smtpMessages: number;
}

export interface Microsoft365 {
  /** `https://localhost:PORT`: in the place of `https://login.microsoftonline.com` */
  authority: string;
  /** `http://localhost:PORT`: where browsers find the sign-in */
  pages: string;
  /** In the place of `smtp.office365.com:587` */
  smtp: { host: 'localhost'; port: number };
  /** In the place of `outlook.office365.com:993` */
  imap: { host: 'localhost'; port: number };
  /** An application, to change what it has. @throws Error when there is no such application */
  application(clientId: string): Application;
  /** @throws Error when there is no such application */
  registerRedirectUri(clientId: string, redirectUri: string): void;
  /**
   * Mail arrives from outside, byte for byte as given.
   *
   * @returns its UID. @throws Error when nobody has this address, or no such folder
   */
  deliver(address: string, rawMime: string | Buffer, folder?: string): Promise<number>;
  /** What is in a mailbox. @throws Error when nobody has this address */
  mailbox(address: string): Pick<Mailbox, 'folders' | 'renumber'>;
  /** Mail that was sent to other domains, oldest first. */
  outside(): readonly OutsideMail[];
  /** All of the user's refresh tokens end (AADSTS50173), his access tokens live on. @throws Error when there is no such user */
  revoke(address: string): void;
  /** What an administrator does in Entra: permissions of the application's own, without asking it. */
  grantToApplication(clientId: string, permissions: readonly string[]): void;
  /** What an administrator does in Exchange Online. */
  exchange: ApplicationAccess;
  faults: Faults;
  /** What is wrong with it; a page at `pages` with `/failures` shows the same switches. */
  failures: FailureSwitches;
  sessions: Readonly<Sessions>;
  stop(): Promise<void>;
}

/**
 * A Microsoft 365 for the laptop: the sign-in of Entra ID, SMTP submission and IMAP of Exchange Online, all on
 * localhost. Mail to other domains stays here.
 *
 * @throws Error when addresses clash, a certificate is not usable or a port is taken
 */
export async function startMicrosoft365(options: Microsoft365Options): Promise<Microsoft365> {
  const { tls, folder, tenantId, applications, issuers = [], ports = {} } = options;
  const directory = createDirectory(options.users, options.sharedMailboxes);
  const faults = createFaults();
  const circumstances = createCircumstances();
  const sessions: Sessions = { tokenRequests: 0, smtpConnections: 0, imapConnections: 0, smtpMessages: 0 };
  const outside: OutsideMail[] = [];
  const mailboxOf = openMailboxes(directory, faults, folder);
  const fileCopies = createFileCopies(mailboxOf, folder === undefined ? undefined : join(folder, 'copies.json'));
  const signer = createJwtSigner(folder);
  const grants = createGrants(folder);
  const accessTokens = createAccessTokens({ signer, directory, circumstances, tenantId });
  const applicationAccess = createApplicationAccess(folder);

  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    await Promise.all(stops.splice(0).map((end) => end()));
  };

  async function startServers() {
    const listen = async (certificate: { key: string; cert: string } | undefined, port: number) => {
      const server = await listenForLogin(certificate, port);
      stops.push(() => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      });
      return { server, port: (server.address() as AddressInfo).port };
    };
    const login = await listen(tls, ports.login ?? 0);
    const pages = await listen(undefined, 0);
    const authority = `https://localhost:${login.port}`;
    const codes = createAuthorizationCodes();
    const tenant = {
      ...{ directory, grants, codes, accessTokens, signer, faults, circumstances, applications, issuers, id: tenantId },
      ...{ origin: authority, pagesOrigin: `http://localhost:${pages.port}` },
    };
    const mail = { tls, directory, circumstances, accessTokens, applicationAccess, mailboxOf };
    const smtp = await startSmtpServer({
      ...{ ...mail, fileCopies, port: ports.smtp ?? 0, outside, faults: faults.smtp },
      onConnection: () => sessions.smtpConnections++,
      onMessage: () => sessions.smtpMessages++,
    });
    stops.push(() => smtp.stop());
    const imap = await startImapServer({
      ...{ ...mail, port: ports.imap ?? 0, faults: faults.imap },
      onConnection: () => sessions.imapConnections++,
    });
    stops.push(() => imap.close());
    const failures = createFailureSwitches({ circumstances, faults, grants, applications, directory, smtp, imap, tls });
    const onTokenRequest = () => sessions.tokenRequests++;
    serveLogin(login.server, tenant, onTokenRequest);
    serveLogin(pages.server, tenant, onTokenRequest, failures);
    return { authority, pages: tenant.pagesOrigin, failures, smtpPort: smtp.port, imapPort: imap.port };
  }

  const servers = await startServers().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const existing = (address: string) => {
    const mailbox = mailboxOf(address);
    if (!mailbox) throw new Error(`Nobody has the address ${address}`);
    return mailbox;
  };

  const registered = (clientId: string) => {
    const application = applications.find((candidate) => candidate.clientId === clientId);
    if (!application) throw new Error(`There is no application ${clientId}`);
    return application;
  };

  return {
    authority: servers.authority,
    pages: servers.pages,
    failures: servers.failures,
    smtp: { host: 'localhost', port: servers.smtpPort },
    imap: { host: 'localhost', port: servers.imapPort },
    application: registered,
    registerRedirectUri(clientId, redirectUri) {
      const application = registered(clientId);
      if (!application.redirectUris.includes(redirectUri)) application.redirectUris.push(redirectUri);
    },
    deliver: (address, rawMime, path = 'INBOX') =>
      new Promise((resolve) => {
        resolve(existing(address).append(path, typeof rawMime === 'string' ? Buffer.from(rawMime) : rawMime));
      }),
    mailbox: existing,
    outside: () => outside,
    revoke(address) {
      const user = directory.user(address);
      if (!user) throw new Error(`There is no user ${address}`);
      grants.revoke(user.address);
    },
    grantToApplication: (clientId, permissions) => {
      grants.grantToApplication(clientId, permissions);
    },
    exchange: applicationAccess,
    faults,
    sessions,
    stop,
  };
}

/** @returns what finds the mailbox that receives mail for an address */
function openMailboxes(directory: Directory, faults: Faults, folder?: string) {
  const mailboxes = new Map<string, Mailbox>(
    directory.mailboxes.map((address) => {
      const files = folder === undefined ? undefined : createMessageFiles(join(folder, 'mailboxes', fileName(address)));
      return [address, createMailbox(address, faults.imap, files)];
    }),
  );
  return (address: string) => mailboxes.get(directory.mailboxOf(address) ?? '');
}
