import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver, verify, type WebhookCall } from '../../dev/webhook-receiver.ts';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';

const ada = 'ada@contoso.example';
const grace = 'grace@contoso.example';

const flow = await startFlow();
const { open } = await startConsole(flow);
const receiver = await startWebhookReceiver();
// Where what a hostile mail calls would arrive.
const home = await startWebhookReceiver();
afterAll(() => Promise.all([receiver.stop(), home.stop()]));

const account = (await flow.connect(ada)).id;
const outgoing = await flow.api.call<{ id: string }>('POST', '/v1/outgoing-servers', { name: 'Ada', account });
const destination = await flow.api.call<{ id: string }>('POST', '/v1/destinations', {
  kind: 'webhook',
  name: 'Helpdesk',
  url: receiver.url,
  events: [],
});
const incoming = await addConfirmed(flow, {
  name: 'Ada’s mail',
  account,
  destinations: [destination.id],
  rules: [{ name: 'Suspicious', match: { subject: 'prize' }, then: 'park' }],
  every: 1440,
});

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

describe('received mail', () => {
  beforeAll(async () => {
    const { id, messageId } = await send({ subject: 'A question', tags: ['case-7'] });
    await reaches(id, 'sent');
    await flow.microsoft365.deliver(ada, mail('Re: A question', 'The answer', `In-Reply-To: ${messageId}`));
    await flow.microsoft365.deliver(ada, mail('You won a prize'));
    await flow.microsoft365.deliver(ada, hostileMail(new URL(home.url).origin, 'https://images.example'));
    await fetchNow(flow, incoming);
  });

  it('is listed and read, and leads to the message that it answers', async () => {
    const page = await open('/received');
    await page.getByRole('link', { name: 'Re: A question' }).waitFor();
    await look(page, 'received');
    await page.getByRole('link', { name: 'Re: A question' }).click();
    await page.getByText('The answer').waitFor();
    await page.getByRole('cell', { name: 'Delivered' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as it came' }).click();
    expect((await download).suggestedFilename()).toMatch(/^rcv_\w+\.eml$/);
    await page.getByRole('tab', { name: 'Headers and source' }).click();
    await page.getByText('In-Reply-To:').waitFor();
    await page.getByRole('link', { name: 'case-7' }).click();
    await page.getByRole('heading', { name: 'A question', level: 1, exact: true }).waitFor();
  });

  it('that was parked says why, and is delivered where it is told to go', async () => {
    const page = await open(`/received?status=parked&incomingServer=${incoming}`);
    await page.getByRole('link', { name: 'You won a prize' }).click();
    await page.getByText('Parked by a rule').waitFor();
    await look(page, 'received-parked');
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await page.getByRole('dialog').getByLabel('Helpdesk').check();
    const before = receiver.calls.length;
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await page.getByText('It is on its way').first().waitFor();
    await until(() => Promise.resolve(receiver.calls.length > before));
    await page.getByText('Parked by a rule').waitFor({ state: 'detached' });
  });

  it('of a server is delivered again all at once', async () => {
    const page = await open(`/received?status=received&incomingServer=${incoming}`);
    await page.getByRole('button', { name: 'Deliver many again' }).click();
    await look(page, 'received-replay');
    const before = receiver.calls.length;
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await page.getByText('They are on their way').first().waitFor();
    await until(() => Promise.resolve(receiver.calls.length >= before + 2));
  });

  it('that is parked is dropped all at once, when that is confirmed', async () => {
    await flow.microsoft365.deliver(ada, mail('You won a prize again'));
    await flow.microsoft365.deliver(ada, mail('Your last chance of a prize'));
    await fetchNow(flow, incoming);
    const page = await open(`/received?status=parked&incomingServer=${incoming}`);
    await page.getByRole('link', { name: 'Your last chance of a prize' }).waitFor();
    const drop = page.getByRole('button', { name: 'Drop parked mail' });
    await drop.click();
    await page.getByRole('dialog').getByText('This cannot be undone').waitFor();
    await look(page, 'received-drop');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const inState = async (status: string) => {
      const path = `/v1/received?incomingServer=${incoming}&status=${status}`;
      return (await flow.api.call<{ data: { subject: string }[] }>('GET', path)).data.map(({ subject }) => subject);
    };
    expect(await inState('parked')).toHaveLength(2);
    await drop.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop', exact: true }).click();
    await page.getByText('No mail is like that').waitFor();
    expect(await inState('parked')).toEqual([]);
    expect(await inState('dropped')).toEqual(['Your last chance of a prize', 'You won a prize again']);
  });

  it('that is hostile is shown, runs nothing, and calls nobody', async () => {
    const page = await open('/received', { mayCall: 'https://images.example' });
    const happened: string[] = [];
    page.on('dialog', (dialog) => happened.push(`dialog: ${dialog.message()}`));
    page.on('popup', () => happened.push('popup'));
    await page.route('https://images.example/**', (route) => {
      happened.push(route.request().url());
      return route.fulfill({ contentType: 'image/png', body: Buffer.alloc(0) });
    });
    await page.getByRole('link', { name: "<script>alert('taken')</script>" }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('Dear customer').waitFor();
    await frame.getByText('Your session has ended').waitFor();
    await look(page, 'received-hostile');
    expect(await frame.locator('script, iframe, form, input, svg, object, base, meta[http-equiv]').count()).toBe(0);
    expect(await frame.getByAltText('Own').getAttribute('src')).toMatch(/^data:image\/gif;base64,/);
    await frame.getByText('a link that runs').click();
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.getByText('It has no text.').waitFor();
    expect(happened).toEqual([]);

    await page.getByRole('tab', { name: 'Formatted' }).click();
    await page.getByRole('button', { name: 'Show the images' }).click();
    await until(() => Promise.resolve(happened.length > 0));
    expect(happened).toEqual(['https://images.example/logo.png']);
    expect(home.calls).toEqual([]);
    expect(await page.evaluate('[window.name, window.taken, location.pathname.split("/")[2]]')).toEqual([
      '',
      undefined,
      'received',
    ]);
    const attached = page.waitForEvent('download');
    await page.getByRole('link', { name: 'report.html' }).click();
    expect((await attached).suggestedFilename()).toBe('report.html');
  });

  it('comes as a page whose own policy forbids what a mail could try', async () => {
    const { data } = await flow.api.call<{ data: { id: string; subject: string }[] }>('GET', '/v1/received');
    const id = data.find(({ subject }) => subject.startsWith('<script>'))?.id ?? '';
    const { headers } = await flow.api.ask('GET', `/v1/received/${id}/html`);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    );
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
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
    const before = receiver.calls.length;
    await page.getByRole('button', { name: 'Deliver again: message.received' }).first().click();
    await until(() => Promise.resolve(receiver.calls.length === before + 1));
    await look(page, 'deliveries');
    const pending = `/v1/deliveries?destination=${destination.id}&status=pending`;
    await until(async () => (await flow.api.call<{ data: unknown[] }>('GET', pending)).data.length === 0);
    await page.getByRole('button', { name: 'Deliver many again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await until(() => Promise.resolve(receiver.calls.length > before + 1));
  });
});

describe('API keys', () => {
  it('are made, shown once with a call that works, and withdrawn', async () => {
    const page = await open('/api-keys');
    await page.getByRole('link', { name: 'Create an API key' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Too small').waitFor();
    await page.getByLabel('Name').fill('Shop');
    await page.getByLabel('May send as').fill(ada);
    await look(page, 'api-key-new');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'The key of Shop', level: 1 }).waitFor();
    const key = await page.getByLabel('API key', { exact: true }).inputValue();
    await page.getByRole('button', { name: 'Copy command' }).click();
    const command = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(command).toContain(key);
    expect(await run(command.replace('somebody@example.com', grace))).toMatchObject({ from: ada, status: 'queued' });
    await look(page, 'api-key-shown');
    await page.getByRole('link', { name: 'I have the key' }).click();
    await look(page, 'api-keys');
    await page.getByRole('button', { name: 'Delete Shop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Shop').first().waitFor({ state: 'detached' });
    expect(await run(command)).toMatchObject({ code: 'unauthenticated' });
  });
});

/** What a command for a shell prints, as JSON. */
async function run(command: string): Promise<unknown> {
  const { stdout } = await promisify(exec)(command, { timeout: 20_000 });
  return JSON.parse(stdout);
}
