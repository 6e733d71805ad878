import { randomUUID } from 'node:crypto';
import type { User } from '../directory.ts';
import { takeFault } from '../faults.ts';
import { EntraRefusal, toEntraErrorBody } from './entra-error.ts';
import { accountPage, adminApprovalPage, consentPage } from './pages.ts';
import { redirectTo, type Reply } from './reply.ts';
import { parseScopes, permissionsOf, type Scopes } from './scopes.ts';
import { applicationOf, redirectUriOf, type Application, type Tenant } from './tenant.ts';

/** One person's way from the application to the pages and back. */
interface Flow {
  tenantName: string;
  application: Application;
  redirectUri: string;
  scope: string;
  scopes: Scopes;
  state: string | undefined;
  nonce: string | undefined;
  codeChallenge: string | undefined;
  prompt: string | undefined;
  account: User | undefined;
  startedAt: number;
}

/** The steps of `/authorize`: pick an account, consent, back to the application with a code or an error. */
export interface SignInPages {
  /** `GET /{tenant}/oauth2/v2.0/authorize`. @throws EntraRefusal to be shown as a page, never sent to the redirect URI */
  authorize(tenantName: string, query: URLSearchParams): Reply;
  /** `POST /{tenant}/signin` with `flow` and `account` */
  chooseAccount(form: URLSearchParams): Reply;
  /** `POST /{tenant}/consent` with `flow` and `answer` (`accept` or `cancel`) */
  answerConsent(form: URLSearchParams): Reply;
}

const flowLifetime = 60 * 60_000;

export function createSignInPages(tenant: Tenant): SignInPages {
  const flows = new Map<string, Flow>();

  function flowOf(form: URLSearchParams) {
    const id = form.get('flow') ?? '';
    const flow = flows.get(id);
    if (!flow || flow.startedAt + flowLifetime <= Date.now()) throw new EntraRefusal(50089);
    return { id, flow };
  }

  function accounts(id: string, flow: Flow, hinted: User | undefined): Reply {
    const users = [...tenant.directory.users].sort((a, b) => Number(b === hinted) - Number(a === hinted));
    return { kind: 'page', status: 200, html: accountPage(flow.tenantName, id, nameOf(flow.application), users) };
  }

  function proceed(id: string, flow: Flow, account: User): Reply {
    const fault = takeFault(tenant.faults.signIn, [account.address, ...(account.aliases ?? [])]);
    if (fault) return refuse(id, flow, new EntraRefusal(fault.aadsts));
    flow.account = account;
    const permissions = permissionsOf(flow.scopes);
    const consented = tenant.grants.isConsented(flow.application.clientId, account.address, permissions);
    if (consented && flow.prompt !== 'consent') return succeed(id, flow, account);
    const application = nameOf(flow.application);
    if (account.consent === 'admin-required') {
      const back = refuse(id, flow, new EntraRefusal(90094));
      return { kind: 'page', status: 200, html: adminApprovalPage(application, account.address, back.location) };
    }
    const asked = [...permissions, ...flow.scopes.signIn];
    return { kind: 'page', status: 200, html: consentPage(flow.tenantName, id, application, account.address, asked) };
  }

  function succeed(id: string, flow: Flow, user: User): Reply {
    flows.delete(id);
    const { redirectUri, scope, nonce, codeChallenge, state } = flow;
    const { clientId } = flow.application;
    const code = tenant.codes.issue({ user, clientId, redirectUri, scope, nonce, codeChallenge });
    return redirectTo(redirectUri, { code, state, session_state: randomUUID() });
  }

  function refuse(id: string, { redirectUri, state }: Flow, refusal: EntraRefusal) {
    flows.delete(id);
    const { error_description, error_uri } = toEntraErrorBody(refusal, tenant.origin);
    // Towards the application a grant is not yet invalid, there is none.
    const error = refusal.error === 'invalid_grant' ? 'access_denied' : refusal.error;
    const subcode = refusal.code === 65004 ? 'cancel' : undefined;
    return redirectTo(redirectUri, { error, error_subcode: subcode, error_description, error_uri, state });
  }

  return {
    authorize(tenantName, query) {
      const application = applicationOf(tenant, query.get('client_id'));
      const redirectUri = redirectUriOf(application, query.get('redirect_uri'));
      if (query.get('response_type') !== 'code') throw new EntraRefusal(700054);
      const codeChallenge = query.get('code_challenge') ?? undefined;
      if (codeChallenge !== undefined && query.get('code_challenge_method') !== 'S256') throw new EntraRefusal(501491);
      const scope = query.get('scope') ?? '';
      const id = randomUUID();
      const flow: Flow = {
        tenantName,
        application,
        redirectUri,
        scope,
        scopes: parseScopes(scope),
        state: query.get('state') ?? undefined,
        nonce: query.get('nonce') ?? undefined,
        codeChallenge,
        prompt: query.get('prompt') ?? undefined,
        account: undefined,
        startedAt: Date.now(),
      };
      flows.set(id, flow);
      // Nobody is ever signed in already: there is no session cookie.
      if (flow.prompt === 'none') return refuse(id, flow, new EntraRefusal(50058));
      const hinted = tenant.directory.user(query.get('login_hint') ?? '');
      return hinted && flow.prompt !== 'select_account' ? proceed(id, flow, hinted) : accounts(id, flow, hinted);
    },

    chooseAccount(form) {
      const { id, flow } = flowOf(form);
      const account = tenant.directory.user(form.get('account') ?? '');
      if (!account) throw new EntraRefusal(50034);
      return proceed(id, flow, account);
    },

    answerConsent(form) {
      const { id, flow } = flowOf(form);
      const { account } = flow;
      // Only a consent page that was shown can be answered.
      if (!account || account.consent === 'admin-required') throw new EntraRefusal(50089);
      if (form.get('answer') !== 'accept') return refuse(id, flow, new EntraRefusal(65004));
      tenant.grants.consent(flow.application.clientId, account.address, permissionsOf(flow.scopes));
      return succeed(id, flow, account);
    },
  };
}

function nameOf({ name, clientId }: Application) {
  return name ?? clientId;
}
