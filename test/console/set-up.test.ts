import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { startStack } from '../../dev/stack.ts';
import { startWebhookReceiver } from '../../dev/webhook-receiver.ts';
import { look, startConsole } from '../support/console.ts';

const stack = await startStack();
afterAll(() => stack.stop());
const receiver = await startWebhookReceiver();
afterAll(() => receiver.stop());
const { open } = await startConsole({ url: stack.url, adminKey: await stack.firstAdminKey() });

const heading = (page: Page, name: RegExp) => page.getByRole('heading', { name }).waitFor();
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const goOn = (page: Page) => page.getByRole('link', { name: 'Continue' }).click();

describe('the set-up', () => {
  it('goes from nothing to a mail that was sent and received', { timeout: 90_000 }, async () => {
    const page = await open('/set-up');
    await heading(page, /^1 of 6/);
    expect(new URL(page.url()).pathname).toBe('/console/set-up/app');
    await press(page, 'Copy Redirect URI');
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(`${stack.url}/microsoft_outlook/confirm`);

    // What the server has to say stands beside the field it is about.
    await page.getByLabel('Application (client) ID').fill('not a GUID');
    await press(page, 'Save');
    await page.getByText('must be a GUID').first().waitFor();
    await look(page, 'set-up-app');
    await page.getByLabel('Application (client) ID').fill(laptopTenant.clientId);
    await page.getByLabel('Directory (tenant) ID').fill(laptopTenant.tenantId);
    await page.getByLabel('Client secret').fill(laptopTenant.clientSecret);
    await press(page, 'Save');
    await goOn(page);

    await heading(page, /^2 of 6/);
    await page.getByLabel('Address of the mailbox').fill('ada@contoso.example');
    await press(page, 'Add the account');
    await signIn(page, 'ada@contoso.example');
    await page.getByText('Outlook Token Valid').waitFor();
    await goOn(page);

    await heading(page, /^3 of 6/);
    await press(page, 'Add the outgoing server');
    await press(page, 'Test Connection');
    await page.getByText('Sender accepted').waitFor();
    await look(page, 'set-up-outgoing-server');
    await goOn(page);

    await heading(page, /^4 of 6/);
    await press(page, 'Add the incoming server');
    await press(page, 'Test & Confirm');
    await page.getByText('Confirmed', { exact: true }).waitFor();
    await goOn(page);

    await heading(page, /^5 of 6/);
    await page.getByLabel('Name').fill('Shop');
    await page.getByLabel('Address of the webhook').fill(receiver.url);
    await press(page, 'Add the destination');
    await page.getByText('Keep this secret now.').waitFor();
    await page.getByText('Active', { exact: true }).waitFor();
    await look(page, 'set-up-destination');
    await goOn(page);

    await heading(page, /^6 of 6/);
    await press(page, 'Send the test mail');
    await page.getByText('Arrived', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByText('Mail flows.').waitFor();
    await look(page, 'set-up-test-mail');
  });

  it('goes on where it was left', async () => {
    const page = await open('/set-up');
    // All is done: there is nothing left but to look at it from the beginning.
    await heading(page, /^1 of 6/);
  });
});

/** Through Microsoft's pages in the tab that opens, which is closed by whoever signed in. */
async function signIn(page: Page, address: string): Promise<void> {
  const opened = page.context().waitForEvent('page');
  await press(page, 'Connect your Outlook account');
  const tab = await opened;
  await tab.getByRole('button', { name: address }).click();
  await tab.getByRole('button', { name: 'Accept' }).click();
  await tab.getByRole('heading', { name: `${address} is connected` }).waitFor();
  await tab.close();
}
