import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { signInRedirect, unescape } from '../../dev/walk-sign-in.ts';
import { startFlow, type Flow } from '../support/flow.ts';

interface Account {
  readonly id: string;
  readonly state: string;
}

const margaret = 'margaret@contoso.example';
const signInName = 'mhamilton@corp.contoso.example';
const { clientId, tenantId, clientSecret } = laptopTenant;

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow();
});

beforeEach(async () => {
  await flow.api.call('PUT', '/v1/app', { clientId, tenant: tenantId, clientSecret });
  const { data } = await flow.api.call<{ data: Account[] }>('GET', '/v1/accounts');
  for (const { id } of data) await flow.api.call('DELETE', `/v1/accounts/${id}`);
});

async function add(account: Record<string, unknown>): Promise<string> {
  return (await flow.api.call<Account>('POST', '/v1/accounts', account)).id;
}

/** Signs in for an account, and answers the page there is in the end. */
async function signIn(id: string, as: string): Promise<{ status: number; text: string }> {
  const { authorizeUrl } = await flow.api.call<{ authorizeUrl: string }>('POST', `/v1/accounts/${id}/connect`);
  const page = await fetch(await signInRedirect(authorizeUrl, { as }));
  const html = await page.text();
  return { status: page.status, text: unescape(html.replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')) };
}

const read = (id: string) => flow.api.call('GET', `/v1/accounts/${id}`);

describe('a sign-in name that is not the address', () => {
  it('is no matter where Microsoft vouches for the address', async () => {
    const id = await add({ address: margaret });
    const page = await signIn(id, margaret);
    expect([page.status, page.text.includes(`Signed in as ${signInName}`)]).toEqual([200, true]);
    expect(await read(id)).toMatchObject({ address: margaret, state: 'connected', signedInAs: signInName });
    // From now on Postern knows whom to ask for.
    expect(await flow.api.call('POST', `/v1/accounts/${id}/connect`)).toMatchObject({ signInAs: signInName });
  });

  it('is an alias where it does not, and the refusal says so word for word', async () => {
    await flow.api.call('PUT', '/v1/app', { clientId, tenant: 'common' });
    const id = await add({ address: margaret, aliases: ['m@contoso.example'] });
    const refused = await signIn(id, margaret);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(`The account to connect is ${margaret}, but ${signInName} signed in.`);
    expect(refused.text).toContain('a private browser window helps');
    const remedy = /PATCH (\/v1\/accounts\/\w+) (\{.*?\})/.exec(refused.text);
    expect(await flow.api.call('PATCH', remedy?.[1] ?? '', JSON.parse(remedy?.[2] ?? '') as object)).toMatchObject({
      aliases: ['m@contoso.example', signInName],
    });
    expect((await signIn(id, margaret)).status).toBe(200);
  });

  it('sends and reads mail as the mailbox and the person each are', async () => {
    const { id } = await flow.connect(margaret);
    await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Margaret', account: id });
    const incoming = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', { name: 'M', account: id });
    expect(await flow.api.call('POST', `/v1/incoming-servers/${incoming.id}/confirm`)).toMatchObject({
      state: 'confirmed',
    });
    const message = { from: margaret, to: 'ada@contoso.example', text: 'Hello' };
    const sent = await flow.api.ask('POST', '/v1/messages', message, { prefer: 'wait=20' });
    await expect
      .poll(async () => (await flow.api.call('GET', `/v1/messages/${String(sent.body['id'])}`))['status'], {
        timeout: 15_000,
      })
      .toBe('sent');
    const servers = await flow.api.call<{ data: { id: string }[] }>('GET', '/v1/outgoing-servers');
    for (const server of servers.data) await flow.api.call('DELETE', `/v1/outgoing-servers/${server.id}`);
    await flow.api.call('DELETE', `/v1/incoming-servers/${incoming.id}`);
  });
});

describe('the delegate of a shared mailbox', () => {
  const support = { address: 'support@contoso.example', kind: 'shared', delegate: 'ada@contoso.example' };

  it('can be another one, and the former is forgotten with her grant', async () => {
    const id = await add(support);
    expect((await signIn(id, 'ada@contoso.example')).status).toBe(200);
    const refused = await signIn(id, 'grace@contoso.example');
    expect([refused.status, refused.text.includes('PATCH')]).toEqual([403, false]);

    const changed = await flow.api.call('PATCH', `/v1/accounts/${id}`, { delegate: 'grace@contoso.example' });
    expect(changed).toMatchObject({ id, delegate: 'grace@contoso.example', state: 'not-connected' });
    expect(changed).not.toHaveProperty('signedInAs');
    const former = await signIn(id, 'ada@contoso.example');
    expect(former.status).toBe(403);
    expect(former.text).toContain(`PATCH /v1/accounts/${id} {"delegate":"ada@contoso.example"}`);
    expect((await signIn(id, 'grace@contoso.example')).status).toBe(200);
    expect(await read(id)).toMatchObject({ state: 'connected', signedInAs: 'grace@contoso.example' });
  });

  it('is changed as it was read, or not at all', async () => {
    const id = await add(support);
    const { headers } = await flow.api.ask('GET', `/v1/accounts/${id}`);
    const guard = { 'if-match': headers.get('etag') ?? '' };
    const change = { delegate: 'grace@contoso.example' };
    const first = await flow.api.ask('PATCH', `/v1/accounts/${id}`, change, guard);
    expect([first.status, first.headers.get('etag') === guard['if-match']]).toEqual([200, false]);
    expect((await flow.api.ask('PATCH', `/v1/accounts/${id}`, { aliases: [] }, guard)).status).toBe(412);
    expect((await flow.api.ask('PATCH', '/v1/accounts/acc_0000000000', change)).status).toBe(404);
  });

  it.each([
    [{ address: 'other@contoso.example' }, '/address'],
    [{ kind: 'user' }, '/kind'],
    [{ aliases: ['not an address'] }, '/aliases/0'],
    [{ aliases: Array.from({ length: 21 }, (_, at) => `a${at}@contoso.example`) }, '/aliases'],
  ])('%j is refused', async (change, pointer) => {
    const id = await add(support);
    const { status, body } = await flow.api.ask('PATCH', `/v1/accounts/${id}`, change);
    expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([422, pointer]);
  });

  it('is none of a mailbox with an owner', async () => {
    const id = await add({ address: 'ada@contoso.example' });
    const { status, body } = await flow.api.ask('PATCH', `/v1/accounts/${id}`, { delegate: margaret });
    expect([status, body['code']]).toEqual([422, 'request-invalid']);
  });
});
