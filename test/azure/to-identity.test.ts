import type { AccountInfo } from '@azure/msal-node';
import { expect, it } from 'vitest';
import { toIdentity } from '../../functions/azure/to-identity.ts';

const contoso = '7d6d2f9c-3a55-4b0e-9d3f-0c5f4f0b7a11';
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';

function signedIn(claims: Record<string, unknown>, tenantId = contoso): AccountInfo {
  return {
    homeAccountId: 'home',
    environment: 'login.microsoftonline.com',
    localAccountId: 'object',
    tenantId,
    username: 'jd@corp.example',
    idTokenClaims: claims,
  };
}

it.each<[string, string, string, Record<string, unknown>, boolean]>([
  ['our own organisation', contoso, contoso, {}, true],
  ['any organisation', 'common', contoso, {}, false],
  ['any organisation', 'organizations', contoso, {}, false],
  ['an organisation that owns the domain', 'common', contoso, { xms_edov: true }, true],
  ['an organisation that owns the domain, as a number', 'organizations', contoso, { xms_edov: 1 }, true],
  ['an organisation that owns the domain, as text', 'organizations', contoso, { xms_edov: '1' }, true],
  ['an organisation that does not', 'common', contoso, { xms_edov: false }, false],
  ['a personal account', 'common', personal, {}, true],
  ['a personal account', 'consumers', personal, {}, true],
])('believes the e-mail address of %s (%s) or not', (_who, tenant, tenantId, claims, believed) => {
  const identity = toIdentity(signedIn({ email: 'jane@contoso.example', ...claims }, tenantId), { tenant });
  expect(identity).toEqual({
    objectId: 'object',
    tenantId,
    address: 'jd@corp.example',
    ...(believed && { email: 'jane@contoso.example' }),
  });
});

it('has none where Microsoft says none', () => {
  for (const claims of [{}, { email: undefined }, { email: ['jane@contoso.example'] }]) {
    expect(toIdentity(signedIn(claims), { tenant: contoso })).not.toHaveProperty('email');
  }
});
