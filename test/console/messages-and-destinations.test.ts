import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookCall } from '../../dev/webhook-receiver.ts';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';

const ada = 'ada@contoso.example';
const grace = 'grace@contoso.example';

const flow = await startFlow();
const { open } = await startConsole(flow);
const receiver = await startWebhookReceiver();
afterAll(() => receiver.stop());

const account = (await flow.connect(ada)).id;
const outgoing = await flow.api.call<{ id: string }>('POST', '/v1/outgoing-servers', { name: 'Ada', account });
const destination = await flow.api.call<{ id: string }>('POST', '/v1/destinations', {
  kind: 'webhook',
  name: 'Helpdesk',
  url: receiver.url,
  events: [],
});
const incoming = await addConfirmed(flow, { account, destinations: [destination.id], every: 1440 });

interface Sent {
  readonly id: string;
  readonly messageId: string;
  readonly status: string;
}

const send = (fields: object) =>
  flow.api.call<Sent>('POST', '/v1/messages', { from: ada, to: grace, subject: 'Hello', text: 'Hello', ...fields });
const reaches = (id: string, status: string) =>
  until(async () => (await flow.api.call<Sent>('GET', `/v1/messages/${id}`)).status === status);

describe('messages', () => {
  let failed: Sent;
  beforeAll(async () => {
    await send({ subject: 'Invoice 1042', tags: ['invoice'], metadata: { order: '1042' } });
    await send({ subject: 'Next week', scheduledAt: new Date(Date.now() + 6 * 86_400_000).toISOString() });
    failed = await send({ subject: 'As somebody else', from: 'eve@elsewhere.example', outgoingServer: outgoing.id });
    await reaches(failed.id, 'failed');
  });

  it('are listed, narrowed by the address bar, and opened', async () => {
    const page = await open('/messages');
    await page.getByRole('link', { name: 'Invoice 1042' }).waitFor();
    await look(page, 'messages');
    await page.getByLabel('State').selectOption({ label: 'Failed' });
    await page.getByRole('link', { name: 'Invoice 1042' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?status=failed');
    await page.getByRole('link', { name: 'As somebody else' }).click();
    await page.getByRole('heading', { name: 'As somebody else', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/messages/${failed.id}`);
    await page.getByText('Who must act').waitFor();
    await look(page, 'message-failed');
    await page.goBack();
    await page.getByRole('link', { name: 'As somebody else' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Invoice 1042' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('EVE@elsewhere');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Invoice 1042' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'As somebody else' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Tag').fill('invoice');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'As somebody else' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Invoice 1042' }).waitFor();
  });

  it('that wait can be given another time, and cancelled for good', async () => {
    const page = await open('/messages?status=scheduled');
    await page.getByRole('link', { name: 'Next week' }).click();
    await page.getByRole('button', { name: 'Reschedule' }).click();
    const nextYear = new Date().getFullYear() + 1;
    await page.getByRole('dialog').getByLabel('Send at').fill(`${nextYear}-01-02T10:00`);
    await page.getByRole('dialog').getByRole('button', { name: 'Reschedule' }).click();
    await page.getByText('It has another time').first().waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    // The viewer is in Paris.
    expect(await flow.api.call('GET', `/v1/messages/${id}`)).toMatchObject({
      scheduledAt: `${nextYear}-01-02T09:00:00.000Z`,
    });
    await page.getByRole('button', { name: 'Never send it' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Never send it' }).click();
    await page.getByText('Cancelled').first().waitFor();
    await reaches(id, 'cancelled');
  });

  it('are tried out, then sent, and followed until they are', async () => {
    const page = await open('/messages/new');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('at least one of to, cc and bcc must name a recipient').waitFor();
    await page.getByLabel('From', { exact: true }).fill(ada);
    await page.getByLabel('To', { exact: true }).fill(grace);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByRole('heading', { name: 'What would become of it' }).waitFor();
    await look(page, 'compose');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('heading', { name: 'Test from Postern', level: 1 }).waitFor();
    await page.getByText('Sent', { exact: true }).first().waitFor();
    await look(page, 'message');
  });
});

describe('destinations', () => {
  it('are added, tried, given another secret, changed, and deleted', async () => {
    const page = await open('/destinations/new');
    await page.getByLabel('Name').fill('Shop');
    await page.getByLabel('Address').fill('not an address');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('must be an http or https URL').waitFor();
    await page.getByLabel('Address').fill(receiver.url);
    await look(page, 'destination-new');
    await page.getByRole('button', { name: 'Create' }).click();
    const secret = page.getByRole('textbox', { name: 'Signing secret' });
    const first = await secret.inputValue();
    expect(first).toMatch(/^whsec_/);
    await page.getByRole('link', { name: 'I have the secret' }).click();

    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('It was taken').waitFor();
    expect(verify(receiver.calls.at(-1) as WebhookCall, first).type).toBe('destination.test');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Replace the secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replace the secret' }).click();
    await page.getByText('The former secret signs as well').waitFor();
    expect(await secret.inputValue()).not.toBe(first);

    await page.getByLabel('Name').fill('Web shop');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Web shop', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Helpdesk' }).waitFor();
    await look(page, 'destinations');
  });

  it('that Postern disabled say why, and what waited is delivered when they are enabled again', async () => {
    receiver.answer(410);
    await flow.microsoft365.deliver(ada, mail('For a receiver that is gone'));
    await fetchNow(flow, incoming);
    const path = `/v1/destinations/${destination.id}`;
    await until(async () => (await flow.api.call<{ state: string }>('GET', path)).state === 'disabled');
    const page = await open(`/destinations/${destination.id}`);
    await page.getByText('Postern stopped delivering there').waitFor();
    await look(page, 'destination-disabled');
    receiver.answer(204);
    const before = receiver.calls.length;
    await page.getByRole('button', { name: 'Enable again' }).click();
    await until(() => Promise.resolve(receiver.calls.length > before));
    await page.getByText('Postern stopped delivering there').waitFor({ state: 'detached' });
  });

  it('have deliveries, which are made again one by one and all at once', async () => {
    const page = await open(`/destinations/deliveries?destination=${destination.id}&status=delivered`);
    const again = page.getByRole('button', { name: 'Deliver again: message.received' });
    await again.waitFor();
    await look(page, 'deliveries');
    const before = receiver.calls.length;
    await again.click();
    await until(() => Promise.resolve(receiver.calls.length === before + 1));
    const pending = `/v1/deliveries?destination=${destination.id}&status=pending`;
    await until(async () => (await flow.api.call<{ data: unknown[] }>('GET', pending)).data.length === 0);
    await page.getByRole('button', { name: 'Deliver many again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await until(() => Promise.resolve(receiver.calls.length > before + 1));
  });
});
