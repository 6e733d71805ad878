import type { AccountEventPorts } from '../accounts/account-events.ts';
import type { Account } from '../accounts/account.ts';
import { confirmPath, requireApp, type AppRegistration } from '../accounts/app-registration.ts';
import { approvalLink } from '../accounts/approval.ts';
import { endsGrant, markReauthRequired } from '../accounts/mark-reauth-required.ts';
import { reviveAccount } from '../accounts/revive-account.ts';
import type { MailboxTokens, SignIn } from '../accounts/sign-in.ts';
import type { Call } from '../shared/call.ts';
import type { Collection, Stored } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import { createBranch } from './branch.ts';
import { explainLogin, type Known } from './explain-login.ts';
import { judgeClaims, type Protocol } from './judge-claims.ts';
import type { Explain, Legs } from './legs.ts';
import type { Proof } from './proof.ts';
import { signInRemedy } from './sign-in-remedies.ts';
import { readTokenClaims, type TokenClaims } from '../accounts/token-claims.ts';

export interface SignInPorts extends AccountEventPorts {
  readonly app: Collection<AppRegistration>;
  readonly tokens: MailboxTokens;
  readonly signIn: SignIn;
  readonly publicUrl: string;
}

const appFailures = new Set(['app-not-configured', 'app-credential-refused', 'secrets-unavailable']);

/**
 * Goes the legs `credential`, `token` and `claims`: a refresh is really made, also for an account that is marked as dead,
 * for what had ended it (a policy, a disabled user) may be over. The account is marked by what comes out.
 */
export async function examineSignIn(
  call: Call,
  legs: Legs,
  stored: Stored<Account>,
  protocols: readonly Protocol[],
  ports: SignInPorts,
): Promise<Proof | undefined> {
  const account = stored.value;
  const app = await legs.go('credential', 'Reading the app registration', async () => {
    const registration = await requireApp(ports.app);
    return { detail: `The app registration ${registration.clientId} is set.`, brings: registration };
  });
  if (app === undefined) {
    legs.notReached('token', 'claims');
    return undefined;
  }
  const token = await legs.go(
    'token',
    `Refreshing the token of ${account.address}`,
    async () => ({
      detail: `Microsoft has just made a new token for ${account.address}.`,
      brings: await refresh(call, account, ports.tokens),
    }),
    explainSignIn(account, app, ports),
  );
  const failure = legs.failure('token');
  if (failure !== undefined && appFailures.has(failure.code)) legs.blame('token', 'credential');
  else if (token !== undefined || failure?.data.upstream?.aadsts !== undefined)
    legs.pass('credential', `Microsoft takes the credential of the app registration ${app.clientId}.`);
  else legs.skip('credential', `The app registration ${app.clientId} is set; Microsoft could not be asked about it.`);

  if (failure !== undefined && endsGrant(failure)) await markReauthRequired(call, account, failure, ports);
  if (token === undefined) {
    legs.notReached('claims');
    return undefined;
  }
  await reviveAccount(call, account, ports);
  const claims = readTokenClaims(token);
  const findings = claims === undefined ? [] : judgeClaims(claims, account, protocols, call.now());
  await goClaims(legs, claims, findings);
  return {
    logIn: (asked, server, user, open) => open({ ...server, user, proof: { kind: 'token', secret: token } }, asked),
    explain: (error, protocol, user) => explainLogin(error, protocol, { account, claims, findings, user }),
  };
}

/** The token in use is named as refused, so that another one is made. */
async function refresh(call: Call, account: Account, tokens: MailboxTokens): Promise<Secret> {
  const usable: Account = account.state === 'reauth-required' ? { ...account, state: 'connected' } : account;
  const branch = createBranch(
    call,
    () => new GatewayError('sign-in-unavailable', 'Microsoft sign-in did not answer in time.'),
  );
  return branch.within(async () => tokens.accessToken(usable, await tokens.accessToken(usable)));
}

function explainSignIn(account: Account, app: AppRegistration, ports: SignInPorts): Explain {
  return async (error) => {
    const { upstream, remedy = '' } = error.data;
    const redirectUri = ports.publicUrl + confirmPath;
    // Only who has answered can be asked where an administrator approves.
    const approvalUrl = upstream?.aadsts === undefined ? undefined : await approvalLink(ports).catch(() => undefined);
    const better =
      signInRemedy(upstream?.aadsts, { account, app, redirectUri, approvalUrl }) ?? remedy.replace('{id}', account.id);
    const { code, message, cause, data } = error;
    return { error: new GatewayError(code, message, { cause, data: { ...data, remedy: better } }) };
  };
}

async function goClaims(legs: Legs, claims: TokenClaims | undefined, findings: Known['findings']): Promise<void> {
  if (claims === undefined) {
    legs.pass('claims', 'The token is not readable, as those of personal accounts are; only the servers can judge it.');
    return;
  }
  const [first] = findings;
  await legs.go(
    'claims',
    'Reading the token',
    () => {
      if (first === undefined) return Promise.resolve({ detail: describe(claims), brings: undefined });
      const causes = findings.map(({ cause }) => cause).join(' ');
      throw new GatewayError(first.code, causes, { data: { remedy: first.remedy } });
    },
    (error) => ({ error, ...(first !== undefined && { actor: first.actor }) }),
  );
}

function describe({ audience, permissions, user, isApplication }: TokenClaims): string {
  const whose = isApplication ? 'the application itself' : (user ?? 'somebody without a name');
  return `The token is for ${audience}, of ${whose}, with ${permissions.join(', ')}.`;
}
