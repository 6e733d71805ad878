import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { startWebhookReceiver } from '../../dev/webhook-receiver.ts';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';

const ada = 'ada@contoso.example';

const flow = await startFlow();
const { open } = await startConsole(flow);
const receiver = await startWebhookReceiver();
// Where what a hostile mail calls would arrive.
const home = await startWebhookReceiver();
afterAll(() => Promise.all([receiver.stop(), home.stop()]));

const account = (await flow.connect(ada)).id;
await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account });
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

describe('received mail', () => {
  beforeAll(async () => {
    const { id, messageId } = await flow.api.call<{ id: string; messageId: string }>('POST', '/v1/messages', {
      from: ada,
      to: 'grace@contoso.example',
      subject: 'A question',
      text: 'What is it?',
      tags: ['case-7'],
    });
    const isSent = async () => (await flow.api.call<{ status: string }>('GET', `/v1/messages/${id}`)).status === 'sent';
    await until(isSent);
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
