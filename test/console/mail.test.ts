import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';

const ada = 'ada@contoso.example';
const grace = 'grace@contoso.example';

const flow = await startFlow();
const { open } = await startConsole(flow);
const accounts = { ada: await flow.connect(ada), grace: await flow.connect(grace) };
const outgoing = await flow.api.call<{ id: string }>('POST', '/v1/outgoing-servers', {
  name: 'Ada',
  account: accounts.ada.id,
});
void accounts;

interface Sent {
  readonly id: string;
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
