import type { Call } from '../shared/call.ts';
import type { Collection } from '../shared/collection.ts';
import { GatewayError } from '../shared/errors.ts';
import type { Account } from './account.ts';
import { confirmPath, requireApp, type AppRegistration } from './app-registration.ts';
import { connectAccount, type Connection, type ConnectPorts } from './connect-account.ts';
import { aadstsOf } from './microsoft-errors.ts';
import { addOneTime, hashOf, newWord, takeOneTime, type OneTime } from './one-time.ts';
import type { SignIn } from './sign-in.ts';
import { toDeclinedError } from './to-declined-error.ts';

/** A sign-in that an administrator's approval was missing for. */
export interface AwaitedApproval extends OneTime {
  readonly accountId: string;
}

/**
 * The state of an administrator's approval. It is no secret: nothing of ours changes when the browser comes back with
 * it. Behind a dash may follow the word of the sign-in to go on with; the page is the same when that is over.
 */
export const approvalState = 'approval';

// Administrators take their time.
const lifetime = 7 * 24 * 60 * 60_000;

interface Ports {
  readonly app: Collection<AppRegistration>;
  readonly signIn: SignIn;
  readonly publicUrl: string;
}

/** Whether the browser comes back from an approval, not from a sign-in. */
export function isApproval(state: string | undefined): state is string {
  return state === approvalState || state?.startsWith(`${approvalState}-`) === true;
}

/**
 * Where an administrator approves Postern for the organisation, at any time.
 * @throws GatewayError `app-not-configured`, `conflict` for personal accounts, `sign-in-unavailable`
 */
export async function approvalLink({ app, signIn, publicUrl }: Ports): Promise<string> {
  const registration = await requireApp(app);
  if (registration.tenant === 'consumers') {
    throw new GatewayError('conflict', 'Personal accounts have no administrator who could approve anything.');
  }
  const url = await signIn.approvalUrl(registration, { redirectUri: publicUrl + confirmPath, state: approvalState });
  if (url === undefined) throw new GatewayError('sign-in-unavailable', 'Microsoft sign-in did not answer.');
  return url;
}

/** The same for one sign-in that was refused without it, which can be gone on with from there; undefined where there is none. */
export async function awaitApproval(
  call: Call,
  accountId: string,
  { app, signIn, publicUrl, approvals }: Ports & { approvals: Collection<AwaitedApproval> },
): Promise<string | undefined> {
  const word = newWord();
  const url = await signIn.approvalUrl(await requireApp(app), {
    redirectUri: publicUrl + confirmPath,
    state: `${approvalState}-${word}`,
  });
  if (url === undefined) return undefined;
  const expiresAt = new Date(call.now().getTime() + lifetime).toISOString();
  await addOneTime(approvals, { id: hashOf(word), accountId, expiresAt }, call.now());
  return url;
}

/**
 * Ends an administrator's approval, which Microsoft itself keeps. Anybody can call this with any text, so none of it is
 * shown but the error's name and number. Answers the sign-in that is to follow, where one had waited for it.
 * @throws GatewayError `consent-declined`, `sign-in-failed`, ... when the administrator did not approve
 */
export async function endApproval(
  call: Call,
  { state, error, error_description: description = '' }: ApprovalQuery,
  ports: ConnectPorts & { accounts: Collection<Account>; approvals: Collection<AwaitedApproval> },
): Promise<Connection | undefined> {
  if (error !== undefined) throw notApproved(error, description);
  const awaited = await takeOneTime(ports.approvals, state.slice(approvalState.length + 1), call.now());
  const account = awaited && (await ports.accounts.get(awaited.accountId));
  if (account === undefined) return undefined;
  try {
    return await connectAccount(call, account.value, ports);
  } catch (cause) {
    // It is approved all the same.
    call.log.warn('A sign-in could not be gone on with after its approval.', { account: account.value.id, cause });
    return undefined;
  }
}

interface ApprovalQuery {
  readonly state: string;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
}

/** An approval that was refused, told in our words alone. */
function notApproved(error: string, description: string): GatewayError {
  const aadsts = aadstsOf(description);
  const name = /^[a-z_]{1,60}$/.test(error) ? error : 'an error';
  return toDeclinedError(name, aadsts === undefined ? '' : `AADSTS${aadsts}`);
}
