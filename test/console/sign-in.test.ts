import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { Response } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';

const flow = await startFlow();
const { open } = await startConsole(flow);

describe('signing in', () => {
  it('takes an admin key, refuses another, and ends where one wanted to go', async () => {
    const page = await open('/accounts', { signedIn: false });
    await page.getByLabel('Admin key').fill('pst_nothing');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The API key is unknown, wrong or expired.').waitFor();
    await look(page, 'sign-in');
    await page.getByLabel('Admin key').fill(flow.adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/accounts');
    expect(await page.title()).toBe('Accounts · Postern');
  });

  it('signs out', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'first admin key' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Admin key').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
});

describe('signing in with Microsoft', () => {
  it('leads there and back to where one wanted to go', async () => {
    const page = await open('/domains', { signedIn: false });
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'ada@contoso.example' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: 'Domains', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'ada@contoso.example' }).waitFor();
  });
});

describe('the shell', () => {
  it('asks before what was typed is lost, by a link and by the back button', async () => {
    const page = await open('/set-up/account');
    await page.getByRole('heading', { name: /^2 of 6/ }).waitFor();
    await page.getByRole('link', { name: 'App registration' }).click();
    await page.getByLabel('Application (client) ID').fill('3f1c9a52');
    await page.getByRole('link', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Application (client) ID').inputValue()).toBe('3f1c9a52');
    await page.evaluate('history.back()');
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('heading', { name: /^2 of 6/ }).waitFor();
  });

  it('says so when nobody answers, and when somebody does again', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.context().setOffline(true);
    await page.getByText('Postern does not answer at the moment.').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Postern does not answer at the moment.').waitFor({ state: 'detached' });
  });

  it('is gone through by keyboard, and moves the focus to the heading of where one goes', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.getByRole('link', { name: 'Messages' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Messages', level: 1 }).waitFor();
    expect(await page.locator(':focus').textContent()).toBe('Messages');
    await page.goBack();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  });

  it('is as dark as one likes, whatever the system says', async () => {
    const page = await open('/', { colorScheme: 'light' });
    await page.getByRole('button', { name: 'first admin key' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe('rgb(255, 255, 255)');
  });

  it('has a drawer on a narrow screen', async () => {
    const page = await open('/', { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await page.getByRole('link', { name: 'Domains' }).click();
    await page.getByRole('heading', { name: 'Domains', level: 1 }).waitFor();
  });

  it('speaks French where the browser does, and changes when it is told', async () => {
    const page = await open('/', { locale: 'fr-FR' });
    await page.getByRole('heading', { name: 'Vue d’ensemble', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'first admin key' }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('puts up with a language that the browser itself does not know', async () => {
    const page = await open('/');
    await page.addInitScript("Object.defineProperty(navigator, 'languages', { get: () => ['en-US@posix'] })");
    await page.goto('/console/api-keys');
    await page.getByRole('row').filter({ hasText: 'First admin key' }).locator('time').first().waitFor();
  });

  it('is less than 300 KB to load, with the overview', async () => {
    const page = await open('/', { signedIn: false });
    const files: Response[] = [];
    page.on('response', (response) => files.push(response));
    await page.reload();
    await page.getByLabel('Admin key').fill(flow.adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const sizes = await Promise.all(files.map(async (file) => (await file.request().sizes()).responseBodySize));
    expect(files.length).toBeGreaterThan(5);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });
});

describe('API keys', () => {
  const [ada, grace] = ['ada@contoso.example', 'grace@contoso.example'];

  beforeAll(async () => {
    const { id } = await flow.connect(ada);
    await flow.api.call('POST', '/v1/outgoing-servers', { name: 'Ada', account: id });
  });

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
