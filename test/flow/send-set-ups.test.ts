import { beforeAll, describe, expect, it } from 'vitest';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

/** The two ways to set up sending that docs/SENDING.md describes, and mass mailing beside them. */
let flow: SendingFlow;
let account: Record<'ada' | 'grace' | 'notifications', { id: string }>;
beforeAll(async () => {
  flow = await startSendingFlow();
  account = {
    ada: await flow.connect('ada@contoso.example'),
    grace: await flow.connect('grace@contoso.example'),
    notifications: await flow.connect('notifications@contoso.example'),
  };
  await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'notifications', bounce: 'bounce' });
});

interface Resolved {
  readonly outgoingServer: { readonly name: string };
  readonly from: string;
  readonly envelopeFrom: string;
  readonly why: string;
  readonly passedOver: readonly { readonly name: string; readonly why: string }[];
}
const resolve = (body: object) => flow.api.call<Resolved>('POST', '/v1/outgoing-servers/resolve', body);
const to = 'support@contoso.example';
const mailFrom = async (fields: Record<string, unknown>) => {
  const { messageId } = await flow.send({ to, ...fields });
  const { from, replyTo } = await flow.received(to, messageId);
  return { from, replyTo: replyTo?.map(({ address }) => address) };
};

describe('one server for all', () => {
  let server: { id: string };
  beforeAll(async () => {
    server = await flow.addServer({ name: 'All', account: account.notifications.id });
  });

  it('sends everybody’s mail from the notifications address, in their names, answers going to them', async () => {
    expect(await mailFrom({ from: 'Ada Lovelace <ada@contoso.example>' })).toEqual({
      from: { name: 'Ada Lovelace', address: 'notifications@contoso.example' },
      replyTo: ['ada@contoso.example'],
    });
    expect(await mailFrom({ from: 'x@elsewhere.example' })).toMatchObject({ replyTo: ['x@elsewhere.example'] });
  });

  it('sends its own mail unchanged', async () => {
    const from = 'Contoso <notifications@contoso.example>';
    expect(await mailFrom({ from })).toEqual({
      from: { name: 'Contoso', address: 'notifications@contoso.example' },
      replyTo: undefined,
    });
    await flow.api.call('DELETE', `/v1/outgoing-servers/${server.id}`);
  });
});

describe('a server for each, and one for the rest', () => {
  beforeAll(async () => {
    await flow.addServer({ name: 'Ada’s', account: account.ada.id, owner: 'ada@contoso.example', priority: 1 });
    await flow.addServer({ name: 'Grace’s', account: account.grace.id, owner: 'grace@contoso.example', priority: 2 });
    await flow.addServer({ name: 'Notifications', account: account.notifications.id, priority: 3 });
  });

  it('sends through each one’s own mailbox, and shows it there', async () => {
    for (const name of ['ada', 'grace'] as const) {
      const from = `${name}@contoso.example`;
      expect((await mailFrom({ from })).from?.address).toBe(from);
      const sent = flow.microsoft365
        .mailbox(from)
        .folders()
        .find(({ path }) => path === 'Sent Items');
      expect(sent?.messages).toHaveLength(1);
    }
  });

  it('sends the rest from the notifications address, never through somebody’s own mailbox', async () => {
    for (const from of ['Bob <bob@contoso.example>', 'x@elsewhere.example', undefined])
      expect((await mailFrom({ from })).from?.address).toBe('notifications@contoso.example');
    const { passedOver } = await resolve({ from: 'bob@contoso.example' });
    expect(passedOver).toEqual([
      {
        id: expect.any(String) as string,
        name: 'Ada’s',
        why: 'It is the personal server of ada@contoso.example, and for mail from there alone.',
      },
      {
        id: expect.any(String) as string,
        name: 'Grace’s',
        why: 'It is the personal server of grace@contoso.example, and for mail from there alone.',
      },
    ]);
  });

  it('refuses to send somebody else’s mail through a personal server', async () => {
    const servers = await flow.api.call<{ data: { id: string; name: string; owner: string | null }[] }>(
      'GET',
      '/v1/outgoing-servers',
    );
    const adas = servers.data.find(({ owner }) => owner === 'ada@contoso.example')?.id;
    const ask = (from: string) =>
      flow.api.ask('POST', '/v1/messages?dryRun=true', { from, to, text: 'x', outgoingServer: adas });
    expect((await ask('ada@contoso.example')).status).toBe(200);
    const { status, body } = await ask('grace@contoso.example');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      detail: '"Ada’s" is the personal server of ada@contoso.example and sends as it alone.',
      errors: [{ pointer: '/outgoingServer' }],
    });
  });

  it('mass mailing names a server without a filter, which keeps the From and returns bounces to one address', async () => {
    const mass = await flow.addServer({ name: 'Mass', account: account.notifications.id, priority: 9, fromFilter: [] });
    const from = 'Newsletter <news@contoso.example>';
    expect((await resolve({ from })).outgoingServer.name).toBe('Notifications');
    const forced = await resolve({ from, outgoingServer: mass.id });
    expect(forced).toMatchObject({ outgoingServer: { name: 'Mass' }, from, envelopeFrom: 'bounce@contoso.example' });
    expect(forced.passedOver.map(({ name, why }) => `${name}: ${why}`)).toContain(
      'Notifications: The message names "Mass".',
    );
  });

  it('with subdomain wildcards, a server for everything below a domain', async () => {
    await flow.addServer({
      name: 'Shops',
      account: account.notifications.id,
      priority: 9,
      fromFilter: ['*.shops.contoso.example'],
    });
    expect(await resolve({ from: 'a@berlin.shops.contoso.example' })).toMatchObject({
      outgoingServer: { name: 'Shops' },
      from: 'a@berlin.shops.contoso.example',
    });
    expect((await resolve({ from: 'a@shops.contoso.example' })).outgoingServer.name).not.toBe('Shops');
  });
});
