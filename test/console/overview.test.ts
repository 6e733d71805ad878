import { afterAll, describe, expect, it } from 'vitest';
import { createApiClient } from '../../dev/api-client.ts';
import { seed } from '../../dev/seed.ts';
import { startStack } from '../../dev/stack.ts';
import { until } from '../../dev/until.ts';
import { look, startConsole } from '../support/console.ts';

const stack = await startStack();
afterAll(() => stack.stop());
const adminKey = await stack.firstAdminKey();
const api = createApiClient(stack.url, adminKey);
const { open } = await startConsole({ url: stack.url, adminKey });

describe('the overview', () => {
  it('shows the way to begin where there is nothing', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Nothing is set up yet' }).waitFor();
    await look(page, 'overview-empty');
    await page.getByRole('link', { name: 'Begin the set-up' }).click();
    await page.getByRole('heading', { name: /^1 of 6/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  });

  it('says that mail flows, and how it went', { timeout: 60_000 }, async () => {
    await seed(api);
    const { id } = await api.call<{ id: string }>('POST', '/v1/messages', {
      ...{ from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'Hello', text: 'Hello' },
    });
    await until(async () => (await api.call('GET', `/v1/messages/${id}`))['status'] === 'sent');
    const page = await open('/');
    await page.getByRole('heading', { name: 'Mail flows' }).waitFor();
    await page.getByRole('row', { name: /:00 1 / }).waitFor({ state: 'attached' });
    await page.getByRole('link', { name: 'support@contoso.example' }).waitFor();
    await look(page, 'overview');
    // Whoever needs the exact time gets it by hovering or by keyboard.
    await page.locator('time').first().focus();
    await page.getByRole('tooltip', { name: /· 20\d\d-\d\d-\d\dT[\d:.]+Z$/ }).waitFor();
    await page.getByRole('tab', { name: 'Last 7 days' }).click();
    await page.getByRole('table', { name: /Last 7 days/ }).waitFor({ state: 'attached' });
  });

  it('says what needs somebody, and leads there', async () => {
    const { data } = await api.call<{ data: { id: string; address: string }[] }>('GET', '/v1/accounts');
    const ada = data.find(({ address }) => address === 'ada@contoso.example')?.id ?? '';
    stack.microsoft365.revoke('ada@contoso.example');
    await api.call('POST', `/v1/accounts/${ada}/test`);
    const page = await open('/');
    await page.getByRole('heading', { name: 'Something needs somebody' }).waitFor();
    await page.getByText('ada@contoso.example has to sign in again.').waitFor();
    await look(page, 'overview-needs');
    await page.getByRole('link', { name: 'Look at it' }).first().click();
    await page.waitForURL(`**/console/accounts/${ada}`);
  });

  it('asks who is there when the session has ended, and goes on where one is', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Something needs somebody' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('tab', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await page.getByLabel('Admin key').fill(adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('table', { name: /Last 7 days/ }).waitFor({ state: 'attached' });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
