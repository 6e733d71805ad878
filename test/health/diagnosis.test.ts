import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { commands } from '../../functions/health/exchange-commands.ts';
import { explainLogin } from '../../functions/health/explain-login.ts';
import { judgeClaims } from '../../functions/health/judge-claims.ts';
import { signInRemedy } from '../../functions/health/sign-in-remedies.ts';
import { readTokenClaims } from '../../functions/accounts/token-claims.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { Secret } from '../../functions/shared/secret.ts';

const now = new Date('2026-11-23T12:00:00Z');
const identity = { objectId: 'oid', tenantId: 'tid', address: 'ada@contoso.example' };
const account: Account = {
  ...{ id: 'acc_aaaaaaaaaa', address: 'ada@contoso.example', kind: 'user', state: 'connected', identity },
  createdAt: now.toISOString(),
};
const good = {
  ...{ aud: 'https://outlook.office.com', scp: 'IMAP.AccessAsUser.All SMTP.Send', upn: 'Ada@contoso.example' },
  ...{ oid: 'oid', tid: 'tid', appid: 'app', exp: now.getTime() / 1000 + 3600 },
};

const tokenOf = (claims: unknown): Secret =>
  new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`);

function judged(changes: Record<string, unknown>) {
  const claims = readTokenClaims(tokenOf({ ...good, ...changes }));
  if (claims === undefined) throw new Error('The claims were not read.');
  return judgeClaims(claims, account, ['imap', 'smtp'], now);
}

describe('what a token says of itself', () => {
  it.each([
    ['an opaque token of a personal account', new Secret('EwBoA8l6BAAU...')],
    ['nothing', new Secret('')],
    ['text that is no JSON', new Secret('a.b.c')],
    ['JSON that is no object', tokenOf(null)],
    ['claims without an audience', tokenOf({ scp: 'SMTP.Send' })],
    ['claims of other kinds', tokenOf({ aud: 7, scp: {} })],
  ])('cannot be read out of %s', (_, token) => {
    expect(readTokenClaims(token)).toBeUndefined();
  });

  it('is bounded', () => {
    const claims = readTokenClaims(tokenOf({ ...good, upn: 'x'.repeat(10_000) }));
    expect(claims?.user).toHaveLength(200);
  });

  it.each([
    ['https://outlook.office.com'],
    ['https://outlook.office365.com/'],
    ['https://outlook.office365.us'],
    ['https://partner.outlook.cn'],
    ['00000002-0000-0ff1-ce00-000000000000'],
  ])('fits when it is for %s', (aud) => {
    expect(judged({ aud })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string, string, string[]]>([
    ['Graph', { aud: 'https://graph.microsoft.com' }, 'operator', 'for Microsoft Graph', ['imap', 'smtp']],
    ['Graph by its id', { aud: '00000003-0000-0000-c000-000000000000' }, 'operator', 'Graph', ['imap', 'smtp']],
    ['something else', { aud: 'https://vault.azure.net' }, 'operator', 'https://vault.azure.net', ['imap', 'smtp']],
    ['a look-alike', { aud: 'https://outlook.office.com.evil.example' }, 'operator', 'evil', ['imap', 'smtp']],
    ['no SMTP.Send', { scp: 'IMAP.AccessAsUser.All' }, 'tenant admin', 'SMTP.Send; it has: IMAP', ['smtp']],
    ['no IMAP', { scp: 'SMTP.Send' }, 'tenant admin', 'IMAP.AccessAsUser.All', ['imap']],
    ['another person', { oid: 'other', upn: 'eve@contoso.example' }, 'mailbox owner', 'eve@', ['imap', 'smtp']],
    ['another tenant', { tid: 'other' }, 'mailbox owner', 'of the tenant other', ['imap', 'smtp']],
    ['another name', { upn: 'ada.king@contoso.example' }, 'tenant admin', 'has become ada.king@', ['imap', 'smtp']],
    ['yesterday', { exp: now.getTime() / 1000 - 60 }, 'operator', 'expired at 2026', ['imap', 'smtp']],
    [
      'an application without roles',
      { scp: undefined, upn: undefined, idtyp: 'app', roles: [] },
      'tenant admin',
      'IMAP.AccessAsApp',
      ['imap'],
    ],
  ])('does not fit when it is for %s', (_, changes, actor, cause, explains) => {
    const [finding] = judged(changes);
    expect(finding).toMatchObject({ actor, explains });
    expect(finding?.cause).toContain(cause);
    expect(finding?.remedy.length).toBeGreaterThan(20);
  });
});

describe('a refusal that has many causes', () => {
  const refusal = (code: 'mail-login-refused' | 'mailbox-not-opened', enhanced?: string) =>
    new GatewayError(code, 'Refused.', {
      data: { remedy: 'As before.', upstream: { protocol: 'smtp', ...(enhanced !== undefined && { enhanced }) } },
    });
  const claims = readTokenClaims(tokenOf(good));
  const known = { account, claims, findings: [], user: 'ada@contoso.example' };

  it('that names its own cause stays as it is', () => {
    const told = refusal('mail-login-refused', '5.7.139');
    const findings = judged({ scp: 'SMTP.Send' });
    expect(explainLogin(told, 'smtp', { ...known, findings })).toEqual({ error: told });
    const unreachable = new GatewayError('mail-server-unreachable', 'Gone.');
    expect(explainLogin(unreachable, 'imap', { ...known, findings })).toEqual({ error: unreachable });
  });

  it('is explained by what the token lacks for this protocol, not for the other', () => {
    const findings = judged({ scp: 'IMAP.AccessAsUser.All' });
    const smtp = explainLogin(refusal('mail-login-refused', '5.7.3'), 'smtp', { ...known, findings });
    expect(smtp).toMatchObject({ actor: 'tenant admin', error: { code: 'mail-login-refused' } });
    expect(smtp.error.message).toBe(
      'Refused. The token lacks the permission SMTP.Send; it has: IMAP.AccessAsUser.All.',
    );
    const imap = explainLogin(refusal('mail-login-refused'), 'imap', { ...known, findings });
    expect(imap.error.data.remedy).toContain('The token itself is right');
  });

  it('begins with Full Access where somebody else signed in, and with the name where not', () => {
    const own = explainLogin(refusal('mailbox-not-opened'), 'imap', known).error.data.remedy;
    expect(own).toMatch(
      /\(1\) ada@contoso\.example is the mailbox's sign-in name.*\(2\).*licence.*\(3\).*\(4\) IMAP is on/,
    );
    const shared = explainLogin(refusal('mailbox-not-opened'), 'imap', { ...known, user: 'support@contoso.example' });
    expect(shared.error.data.remedy).toMatch(/\(1\) Ada@contoso\.example, who signed in, has Full Access.*\(4\)/);
  });

  it('of an application is mended by the object id of its enterprise application', () => {
    const application = readTokenClaims(
      tokenOf({ ...good, scp: undefined, upn: undefined, idtyp: 'app', roles: ['IMAP.AccessAsApp'], oid: 'sp-oid' }),
    );
    const explained = explainLogin(refusal('mailbox-not-opened'), 'imap', { ...known, claims: application });
    expect(explained).toMatchObject({ actor: 'tenant admin' });
    expect(explained.error.data.remedy).toContain('New-ServicePrincipal -AppId app -ObjectId sp-oid');
    expect(explained.error.data.remedy).toContain('Add-MailboxPermission -Identity ada@contoso.example -User sp-oid');
  });
});

describe('commands to paste', () => {
  it('take an odd name as one argument', () => {
    expect(commands.imapOn("o'brien@contoso.example")).toContain("-Identity 'o''brien@contoso.example' -ImapEnabled");
    expect(commands.imapOn('a\n$(x);’b')).toContain("-Identity 'a$(x);’’b' -ImapEnabled");
  });

  it('are filled in for a redirect URI, a tenant and an approval', () => {
    const facts = {
      account,
      app: { clientId: 'client', tenant: 'common' },
      approvalUrl: 'https://login.example/approve',
      redirectUri: 'https://postern.example/microsoft_outlook/confirm',
    };
    expect(signInRemedy('50011', facts)).toContain(`--web-redirect-uris ${facts.redirectUri}`);
    expect(signInRemedy('50194', facts)).toContain('tenant "common"');
    expect(signInRemedy('90094', facts)).toContain(facts.approvalUrl);
    expect(signInRemedy('123', facts)).toBeUndefined();
  });
});
