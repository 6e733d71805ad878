import type { OpenMailbox } from '../received/mailbox-reader.ts';
import type { MailLogin } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError } from '../shared/errors.ts';
import type { Collection } from '../shared/collection.ts';
import type { Secret } from '../shared/secret.ts';
import { tellAccountEvents, type AccountEventPorts } from './account-events.ts';
import type { Account } from './account.ts';
import { requireApp, type AppRegistration } from './app-registration.ts';
import { approvalUrls, exchangeCommands, type ApplicationSetup } from './application-setup.ts';
import { amendAccount } from './amend-account.ts';
import { connected } from './keep-grant.ts';
import type { ApplicationTokens, SignIn } from './sign-in.ts';
import { readTokenClaims } from './token-claims.ts';

interface Server {
  readonly host: string;
  readonly port: number;
}

interface Ports extends AccountEventPorts {
  readonly app: Collection<AppRegistration>;
  readonly signIn: SignIn;
  readonly applicationTokens: ApplicationTokens;
  readonly openOutgoing: (login: MailLogin, call: Call) => Promise<{ close(): Promise<void> }>;
  readonly openMailbox: OpenMailbox;
  readonly smtpServer: Server;
  readonly imapServer: Server;
  readonly publicUrl: string;
}

/** Whether a login worked, and if not, what the server said. */
export interface Tried {
  readonly works: boolean;
  readonly detail?: string;
}

/** What was found of the application's access to a mailbox, and how an administrator gives more of it. */
export interface ApplicationAccess extends ApplicationSetup {
  readonly account: Account;
  /** The permissions that the token names. Sending may be allowed without one, by a role in Exchange. */
  readonly roles: readonly string[];
  readonly sending: Tried;
  readonly receiving: Tried;
}

/**
 * Connects an account that the application uses by itself: asks for a token, and logs in to the mailbox over SMTP and
 * IMAP. One of the two must work.
 * @throws GatewayError `application-not-allowed` with the commands that mend it, `app-not-configured`,
 *   `app-credential-refused`, `sign-in-blocked`, `sign-in-unavailable`, `mail-server-unreachable`
 */
export async function connectApplication(call: Call, account: Account, ports: Ports): Promise<ApplicationAccess> {
  const app = await requireApp(ports.app);
  const { tenantId = '' } = account;
  const urls = await approvalUrls(app, tenantId, ports);
  const token = await freshToken(tenantId, urls, ports.applicationTokens);
  const claims = readTokenClaims(token);
  const roles = claims?.permissions ?? [];
  const objectId = claims?.objectId ?? '<object id of the enterprise application>';
  const setup = {
    approvalUrls: urls,
    commands: exchangeCommands(account.address, { objectId, appId: app.clientId, tenantId }),
  };

  const login = (server: Server, encryption: MailLogin['encryption']): MailLogin => ({
    ...server,
    encryption,
    user: account.address,
    proof: { kind: 'token', secret: token },
  });
  const refusals: GatewayError[] = [];
  const tried = async (open: () => Promise<{ close(): Promise<void> }>): Promise<Tried> => {
    try {
      await (await open()).close();
      return { works: true };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      refusals.push(error);
      return { works: false, detail: error.message };
    }
  };
  const [sending, receiving] = await Promise.all([
    tried(() => ports.openOutgoing(login(ports.smtpServer, 'starttls'), call)),
    tried(async () => {
      const session = await ports.openMailbox(login(ports.imapServer, 'tls'), call);
      await session
        .open('INBOX')
        .catch((thrown: unknown) => session.close().then(() => Promise.reject(thrown as Error)));
      return session;
    }),
  ]);
  if (!sending.works && !receiving.works) {
    // What says nothing about the access.
    const passing = refusals.find(({ meaning, code }) => meaning.tryAgain === 'later' && code !== 'mailbox-not-opened');
    throw passing ?? notAllowed(account, roles, refusals, setup);
  }

  const saved = await amendAccount(account.id, ports.accounts, (now) => connected(now, call.now()));
  if (saved === undefined) throw new GatewayError('not-found', `The account ${account.id} was removed.`);
  await tellAccountEvents(call, account.id, ports);
  return { ...setup, account: saved.value, roles, sending, receiving };
}

/** One that knows of permissions granted a moment ago. */
async function freshToken(tenantId: string, urls: readonly string[], tokens: ApplicationTokens): Promise<Secret> {
  try {
    return await tokens.token(tenantId, () => false);
  } catch (thrown) {
    const { code, message, cause, data } = toGatewayError(thrown);
    if (code !== 'sign-in-blocked') throw thrown;
    const remedy = ['An administrator of the tenant has to approve the application:', ...urls].join('\n');
    throw new GatewayError(code, message, { cause, data: { ...data, remedy } });
  }
}

function notAllowed(
  { address }: Account,
  roles: readonly string[],
  refusals: readonly GatewayError[],
  { approvalUrls: urls, commands }: ApplicationSetup,
): GatewayError {
  const granted = roles.length === 0 ? 'no permission' : roles.join(', ');
  return new GatewayError(
    'application-not-allowed',
    `The application may not use ${address} yet; its token names ${granted}. ${refusals.map(({ message }) => message).join(' ')}`,
    {
      data: {
        remedy: [
          'An administrator of the organisation approves the permissions (for IMAP they are needed):',
          ...urls,
          'and lets the application into the mailbox with Exchange Online PowerShell:',
          ...commands,
          'Exchange may take up to two hours to know of it; then connect again.',
        ].join('\n'),
      },
    },
  );
}
