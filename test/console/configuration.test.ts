import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';

const flow = await startFlow();
const { open } = await startConsole(flow);

/** Signs in on Microsoft's pages, in the tab that opens. */
async function connectAs(opener: Page, address: string): Promise<void> {
  const opened = opener.context().waitForEvent('page');
  await opener.getByRole('button', { name: 'Connect your Outlook account' }).click();
  const page = await opened;
  await page.locator(`button[value="${address}"]`).click();
  await page.locator('button[value="accept"]').click();
  await page.getByText('Outlook Token Valid').first().waitFor();
}

async function deleteIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
}

describe('accounts', () => {
  it('are added, connected at Microsoft, tested, disconnected and deleted', async () => {
    const page = await open('/accounts');
    await page.getByText('Connect your first mailbox').waitFor();
    await look(page, 'accounts-empty');
    await page.getByRole('link', { name: 'Add account' }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill('ada');
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByText('must be an address such as user@contoso.com').waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill('ada@contoso.example');
    await look(page, 'accounts-add');
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByRole('heading', { name: 'ada@contoso.example', level: 1 }).waitFor();
    await page.getByText('Not connected').waitFor();
    await connectAs(page, 'ada@contoso.example');
    await page.getByText('Outlook Token Valid').waitFor();
    await page.getByRole('button', { name: 'Test Connection' }).click();
    await page.getByText('The mailbox works.').waitFor();
    await page.getByRole('button', { name: 'Make a connect link' }).click();
    const link = page.getByLabel('connect link', { exact: true });
    expect(await link.inputValue()).toMatch(`${flow.url}/connect?token=`);
    await look(page, 'account');

    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Not connected').waitFor();
    await deleteIt(page);
    await page.getByText('Connect your first mailbox').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/accounts/');
  });
});

describe('domains', () => {
  it('are put and deleted, and what is not saved is guarded', async () => {
    const page = await open('/domains');
    await page.getByRole('link', { name: 'Add domain' }).click();
    await page.getByRole('textbox', { name: 'Domain' }).fill('contoso.example');
    await page.getByLabel('Bounce address').fill('not an address');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await page.getByText('must be a local part such as notifications, or an address').waitFor();
    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Bounce address').fill('bounce');
    await look(page, 'domains-add');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await page.getByText('bounce@contoso.example').waitFor();
    await look(page, 'domains');
    const kept = await flow.api.call('GET', '/v1/domains/contoso.example');
    expect(kept).toMatchObject({ defaultFrom: 'notifications', bounce: 'bounce' });
    await page.getByRole('link', { name: 'contoso.example' }).click();
    await page.getByRole('heading', { name: 'contoso.example', level: 1 }).waitFor();
    await deleteIt(page);
    await page.getByText('No domain yet').waitFor();
  });
});
