import { beforeAll, describe, expect, it } from 'vitest';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

let flow: SendingFlow;
let ada: { id: string };
let notifications: { id: string };
const server: Record<'ada' | 'notifications', { id: string }> = { ada: { id: '' }, notifications: { id: '' } };

beforeAll(async () => {
  flow = await startSendingFlow();
  ada = await flow.connect('ada@contoso.example');
  notifications = await flow.connect('notifications@contoso.example');
});

const resolve = (body: object) => flow.api.ask('POST', '/v1/outgoing-servers/resolve', body);
const refused = async (fields: Record<string, unknown>) => {
  const plain = { to: 'grace@contoso.example', text: 'Hello', ...fields };
  return flow.api.ask<Problem>('POST', '/v1/messages', plain);
};

describe('before there is a server', () => {
  it('refuses every From, and says that no server is active', async () => {
    const { status, body } = await refused({ from: 'ada@contoso.example' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'from-not-allowed', errors: [{ pointer: '/from' }] });
    expect(body.detail).toContain('No outgoing server is active');
  });
});

describe('with a server that may send as its own account', () => {
  beforeAll(async () => {
    server.ada = await flow.addServer({ name: 'Ada', account: ada.id });
  });

  it('sends as that account, the From as it was written', async () => {
    const sent = await flow.send({ from: 'Ada Lovelace <ADA@contoso.example>' });
    expect(sent).toMatchObject({
      from: 'Ada Lovelace <ADA@contoso.example>',
      outgoingServer: server.ada.id,
      envelope: { from: 'ADA@contoso.example', to: ['grace@contoso.example'] },
    });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.header).toContain('\r\nFrom: Ada Lovelace <ADA@contoso.example>\r\n');
    expect(mail.replyTo).toBeUndefined();
  });

  it('refuses another From, naming the nearest server and what it may send as', async () => {
    const { status, body } = await refused({ from: 'Grace <grace@contoso.example>' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'from-not-allowed', errors: [{ pointer: '/from' }] });
    expect(body.detail).toContain('grace@contoso.example');
    expect(body.detail).toContain('"Ada", may send as ada@contoso.example');
    expect(body.remedy).toContain('From filter');
    expect(await resolve({ from: 'grace@contoso.example' })).toMatchObject({ status: 422, body: { code: body.code } });
  });

  it('wants a From while no notifications address stands in', async () => {
    const { status, body } = await refused({});
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'request-invalid', errors: [{ pointer: '/from' }] });
  });

  it('a forced server sends as whatever it is told to, which Exchange may refuse', async () => {
    const accepted = await flow.accept({ from: 'grace@contoso.example', outgoingServer: server.ada.id });
    const message = await flow.reaches(accepted.id, 'failed');
    expect(message).toMatchObject({ outgoingServer: server.ada.id, attempts: 1, cause: { code: 'sender-refused' } });
    expect(message.cause?.remedy).toContain('Add-RecipientPermission -Identity grace@contoso.example');
  });

  it('refuses a forced server that does not exist', async () => {
    const { status, body } = await refused({ from: 'ada@contoso.example', outgoingServer: 'out_0000000000' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'request-invalid', errors: [{ pointer: '/outgoingServer' }] });
  });
});

describe('with a notifications address', () => {
  beforeAll(async () => {
    server.notifications = await flow.addServer({ name: 'Notify', account: notifications.id, priority: 20 });
    await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'notifications', bounce: 'bounce' });
  });

  it('still sends as an account that has its own server', async () => {
    const { body } = await resolve({ from: 'ada@contoso.example' });
    expect(body).toMatchObject({
      outgoingServer: { id: server.ada.id, name: 'Ada' },
      rule: 'from-address',
      rewritten: false,
      // bounce@ is not among what the server may send as.
      envelopeFrom: 'ada@contoso.example',
    });
  });

  it('sends another From as the notifications address in its name, replies going to the author', async () => {
    const sent = await flow.send({ from: 'Zoë, Office <zoe@elsewhere.example>' });
    expect(sent).toMatchObject({
      outgoingServer: server.notifications.id,
      envelope: { from: 'notifications@contoso.example' },
    });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.from).toEqual({ name: 'Zoë, Office', address: 'notifications@contoso.example' });
    expect(mail.replyTo).toEqual([{ name: 'Zoë, Office', address: 'zoe@elsewhere.example' }]);
    expect(sent.messageId).toContain('@contoso.example>');
  });

  it('a bare From lends its local part as the name', async () => {
    const sent = await flow.send({ from: 'zoe@elsewhere.example' });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.from).toEqual({ name: 'zoe', address: 'notifications@contoso.example' });
  });

  it('a Reply-To of the message stays', async () => {
    const sent = await flow.send({
      from: 'zoe@elsewhere.example',
      replyTo: ['Desk <desk@elsewhere.example>', 'b@c.example'],
    });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.replyTo?.map(({ address }) => address)).toEqual(['desk@elsewhere.example', 'b@c.example']);
  });

  it('stands in for a From that is left out', async () => {
    const sent = await flow.send({ from: undefined });
    expect(sent).toMatchObject({ from: 'notifications@contoso.example', outgoingServer: server.notifications.id });
    const mail = await flow.received('grace@contoso.example', sent.messageId);
    expect(mail.replyTo).toBeUndefined();
  });

  it('says beforehand which server, whom, and why', async () => {
    const { status, body } = await resolve({ from: 'Zoë <zoe@elsewhere.example>' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outgoingServer: { id: server.notifications.id, name: 'Notify' },
      from: 'Zoë <notifications@contoso.example>',
      envelopeFrom: 'notifications@contoso.example',
      replyTo: 'Zoë <zoe@elsewhere.example>',
      rewritten: true,
      rule: 'notifications-address',
      mayBeRefused: false,
      passedOver: [{ id: server.ada.id, name: 'Ada' }],
    });
    expect(String(body['why'])).toContain('zoe@elsewhere.example');
  });

  it('a server for a domain sends as anybody there, with the bounce address as the envelope', async () => {
    const shared = await flow.connect('support@contoso.example', { kind: 'shared', delegate: 'ada@contoso.example' });
    const domain = await flow.addServer({
      name: 'Domain',
      account: shared.id,
      priority: 30,
      fromFilter: ['contoso.example'],
    });
    const { body } = await resolve({ from: 'Support <support@contoso.example>' });
    expect(body).toMatchObject({
      outgoingServer: { id: domain.id },
      from: 'Support <support@contoso.example>',
      envelopeFrom: 'bounce@contoso.example',
      rule: 'from-domain',
    });
    await flow.api.call('PUT', '/v1/domains/contoso.example', { defaultFrom: 'notifications' });
    const sent = await flow.send({ from: 'Support <support@contoso.example>' });
    expect(sent).toMatchObject({ outgoingServer: domain.id, envelope: { from: 'support@contoso.example' } });
    await flow.api.call('PATCH', `/v1/outgoing-servers/${domain.id}`, { active: false });
    const passed = await resolve({ from: 'support@contoso.example' });
    expect(passed.body).toMatchObject({ rule: 'notifications-address' });
    expect(passed.body['passedOver']).toContainEqual({ id: domain.id, name: 'Domain', why: 'It is not active.' });
    expect(await refused({ from: 'support@contoso.example', outgoingServer: domain.id })).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ pointer: '/outgoingServer' }] },
    });
  });

  it('a server without a filter takes what no other names', async () => {
    await flow.api.call('DELETE', '/v1/domains/contoso.example');
    const open = await flow.addServer({ name: 'Any', account: ada.id, priority: 1, fromFilter: [] });
    const { body } = await resolve({ from: 'zoe@elsewhere.example' });
    expect(body).toMatchObject({
      outgoingServer: { id: open.id },
      from: 'zoe@elsewhere.example',
      rewritten: false,
      rule: 'empty-filter',
    });
    // Named beats open, whatever the priority.
    expect((await resolve({ from: 'ada@contoso.example' })).body).toMatchObject({
      outgoingServer: { id: server.ada.id },
    });
    await flow.api.call('DELETE', `/v1/outgoing-servers/${open.id}`);
  });
});

describe('a key that may send as some addresses only', () => {
  it('is refused for others, however they would be sent', async () => {
    const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'shop',
      scopes: ['messages.send'],
      from: ['ada@contoso.example'],
    });
    const as = (from: string) =>
      flow.api.ask<Problem>(
        'POST',
        '/v1/messages',
        { from, to: 'grace@contoso.example', text: 'x' },
        { authorization: `Bearer ${key}` },
      );
    expect((await as('Ada <ada@contoso.example>')).status).toBe(202);
    const other = await as('notifications@contoso.example');
    expect(other).toMatchObject({ status: 403, body: { code: 'forbidden', errors: [{ pointer: '/from' }] } });
  });
});
