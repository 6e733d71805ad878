import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { look, startConsole } from '../support/console.ts';
import { startFlow } from '../support/flow.ts';
import { until } from '../../dev/until.ts';

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

    flow.microsoft365.revoke('ada@contoso.example');
    await page.getByRole('button', { name: 'Test Connection' }).click();
    await page.getByText('Sign-in needed').first().waitFor();
    await look(page, 'account-refused');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Not connected').waitFor();
    await deleteIt(page);
    await page.getByText('Connect your first mailbox').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/accounts/');
  });
});

describe('accounts of the application', () => {
  it('say what an administrator has to do', async () => {
    const page = await open('/accounts/new', { locale: 'fr-FR' });
    await page.getByRole('textbox', { name: 'Adresse' }).fill('support@contoso.example');
    await page.getByLabel('Qui se connecte').selectOption('Personne : l’application a accès');
    await page.getByRole('button', { name: 'Ajouter un compte' }).click();
    await page.getByRole('button', { name: 'Connectez votre compte Outlook' }).click();
    await page.getByText('New-ServicePrincipal').first().waitFor();
    await look(page, 'account-application-fr');
    await page.getByRole('button', { name: 'Supprimer' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
    await page.getByText('Connectez votre première boîte').waitFor();
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
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
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

describe('outgoing servers', () => {
  it('are added, tested, switched off and deleted', async () => {
    const account = await flow.connect('grace@contoso.example');
    const page = await open('/outgoing-servers');
    await page.getByText('No way to send yet').waitFor();
    await page.getByRole('link', { name: 'Add outgoing server' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Grace');
    await page.getByRole('button', { name: 'grace@contoso.example' }).waitFor();
    await page.getByRole('textbox', { name: 'From filter' }).fill('ada@@contoso');
    await page.getByRole('button', { name: 'More settings' }).click();
    await page.getByRole('button', { name: 'Add outgoing server' }).click();
    await page.getByText('must be an address, a domain').waitFor();
    await look(page, 'outgoing-server-add');
    await page.getByRole('textbox', { name: 'From filter' }).fill('');
    await page.getByRole('button', { name: 'Add outgoing server' }).click();
    await page.getByRole('heading', { name: 'Grace', level: 1 }).waitFor();
    await page.getByText('Outlook Token Valid').waitFor();
    await page.getByRole('button', { name: 'Test Connection' }).click();
    await page.getByText('The mailbox works.').waitFor();
    await look(page, 'outgoing-server');
    await page.getByRole('switch', { name: 'Active' }).click();
    await page.getByText('Inactive').waitFor();
    const { data } = await flow.api.call<{ data: unknown[] }>('GET', '/v1/outgoing-servers');
    expect(data).toMatchObject([{ account: account.id, active: false, fromFilter: ['grace@contoso.example'] }]);
    await deleteIt(page);
    await page.getByText('No way to send yet').waitFor();
  });

  it('are put in order by buttons and by keys, and tell why one is chosen', async () => {
    const server = { auth: 'password', host: 'mail.example.com', username: 'postern', password: 'secret' };
    for (const name of ['First', 'Second', 'Third']) {
      await flow.api.call('POST', '/v1/outgoing-servers', { ...server, name, fromFilter: [`${name}.example`] });
    }
    const page = await open('/outgoing-servers');
    const order = async (): Promise<string[]> =>
      page.getByRole('list', { name: 'Outgoing servers' }).getByRole('link').allTextContents();
    await page.getByRole('button', { name: 'Move First down' }).click();
    await page.getByText('First is now at place 2 of 3.').waitFor();
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Move First down');
    await page.getByRole('button', { name: 'Move Third', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Third is at place 3 of 3.').waitFor();
    // The list listens for arrows one turn of its timers after it has picked up: a machine presses sooner, a person does not.
    await page.evaluate(async () => new Promise((resolve) => setTimeout(resolve)));
    await page.keyboard.press('ArrowUp');
    await page.getByText('Third is at place 2 of 3.').waitFor();
    await page.keyboard.press('Space');
    await page.getByText('Third is now at place 2 of 3.').waitFor();
    await until(async () => {
      const { data } = await flow.api.call<{ data: { name: string; priority: number }[] }>(
        'GET',
        '/v1/outgoing-servers',
      );
      const names = data.toSorted((a, b) => a.priority - b.priority).map(({ name }) => name);
      return new Set(data.map(({ priority }) => priority)).size === 3 && names.join() === 'Second,Third,First';
    });
    await page.reload();
    await page.getByRole('list', { name: 'Outgoing servers' }).waitFor();
    expect(await order()).toEqual(['Second', 'Third', 'First']);
    await look(page, 'outgoing-servers');

    await page.getByRole('link', { name: 'Why this server?' }).click();
    await page.getByRole('textbox', { name: 'From' }).fill('Ada <ada@third.example>');
    await page.keyboard.press('Enter');
    await page.getByText('Third would send it').waitFor();
    await look(page, 'why-server');
    expect(new URL(page.url()).searchParams.get('from')).toBe('Ada <ada@third.example>');
  });

  it('are not saved over what somebody else has changed meanwhile', async () => {
    const server = { auth: 'password', host: 'mail.example.com', username: 'postern', password: 'secret' };
    const { id } = await flow.api.call<{ id: string }>('POST', '/v1/outgoing-servers', { ...server, name: 'Shared' });
    const nameNow = async () => (await flow.api.call<{ name: string }>('GET', `/v1/outgoing-servers/${id}`)).name;
    const [mine, theirs] = await Promise.all([open(`/outgoing-servers/${id}`), open(`/outgoing-servers/${id}`)]);
    const nameField = mine.getByRole('textbox', { name: 'Name', exact: true });
    await nameField.fill('Mine');
    await theirs.getByRole('textbox', { name: 'Name', exact: true }).fill('Theirs');
    await theirs.getByRole('button', { name: 'Save' }).click();
    await theirs.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor();
    await mine.getByRole('button', { name: 'Save' }).click();
    await mine.getByText('Somebody else has changed this meanwhile.').waitFor();
    await mine.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor();
    expect([await nameField.inputValue(), await nameNow()]).toEqual(['Mine', 'Theirs']);
    await look(mine, 'outgoing-server-changed');

    await mine.getByRole('button', { name: 'Load what is there now' }).click();
    await expect.poll(() => nameField.inputValue()).toBe('Theirs');
    await mine.getByText('Somebody else has changed this meanwhile.').waitFor({ state: 'detached' });
    await nameField.fill('Ours');
    // What changes beside the form does not hinder it.
    await mine.getByRole('switch', { name: 'Active' }).click();
    await mine.getByText('Inactive').waitFor();
    await mine.getByRole('button', { name: 'Save' }).click();
    await mine.getByRole('heading', { name: 'Ours', level: 1 }).waitFor();
    expect(await nameNow()).toBe('Ours');
  });
});

describe('incoming servers', () => {
  let account: string;
  beforeAll(async () => {
    account = (await flow.connect('ada@contoso.example')).id;
  });

  it('are added, confirmed, fetched, audited, reset and deleted', async () => {
    const page = await open('/incoming-servers');
    await page.getByText('No mailbox is read yet').waitFor();
    await page.getByRole('link', { name: 'Add incoming server' }).click();
    await page.getByLabel('Account').selectOption('ada@contoso.example');
    await page.getByRole('textbox', { name: 'Name' }).fill('Support');
    await page.getByRole('textbox', { name: 'Mailbox' }).fill('support');
    await page.getByRole('button', { name: 'Add incoming server' }).click();
    await page.getByText('must be an address').waitFor();
    await page.getByRole('textbox', { name: 'Mailbox' }).fill('support@contoso.example');
    await page.getByRole('button', { name: 'More settings' }).click();
    await page.getByRole('switch', { name: 'Loop guard' }).click();
    await look(page, 'incoming-server-add');
    await page.getByRole('button', { name: 'Add incoming server' }).click();
    await page.getByRole('heading', { name: 'Support', level: 1 }).waitFor();
    await page.getByText('Not Confirmed').waitFor();
    await page.getByRole('button', { name: 'Pick from the mailbox' }).click();
    await page.getByRole('checkbox', { name: 'Archive' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').first().waitFor();
    await page.getByRole('button', { name: 'Test & Confirm' }).click();
    await page.getByText('Confirmed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Fetch Now' }).click();
    await page.getByText('It is being read').first().waitFor();
    const { data } = await flow.api.call<{ data: unknown[] }>('GET', '/v1/incoming-servers');
    expect(data).toMatchObject([
      {
        mailbox: 'support@contoso.example',
        state: 'confirmed',
        folders: ['INBOX', 'Archive'],
        loopGuard: { messages: 20, minutes: 120, except: [] },
      },
    ]);
    await look(page, 'incoming-server');
    await page.getByRole('link', { name: 'Open the audit' }).click();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText('Nothing is missing').waitFor();
    await look(page, 'audit');
    await page.goBack();
    await page.getByRole('button', { name: 'Reset Confirmation' }).click();
    await page.getByText('Not Confirmed').waitFor();
    await deleteIt(page);
    await page.getByText('No mailbox is read yet').waitFor();
  });

  it('have rules, which are ordered, tried and saved', async () => {
    const server = { name: 'Ada', account, rules: [{ name: 'The rest', match: {}, then: 'drop' }] };
    const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', server);
    const page = await open(`/incoming-servers/${id}/rules`);
    await page.getByRole('button', { name: 'Add rule' }).click();
    const second = page.getByRole('group', { name: 'Rule 2' });
    await second.getByRole('textbox', { name: 'Recipient' }).fill('not @ good');
    await page.getByRole('button', { name: 'Save' }).click();
    await second.getByText('must be an address').first().waitFor();
    await second.getByRole('textbox', { name: 'Recipient' }).fill('');
    await second.getByRole('textbox', { name: 'Subject contains' }).fill('an invoice');
    await second.getByLabel('What becomes of it').selectOption('Park it');
    await page.getByRole('button', { name: 'Move rule 2 up' }).click();
    await page.getByText('The rule is now at place 1 of 2.').waitFor();
    await page.getByRole('textbox', { name: 'From' }).fill('shop@example.com');
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Hello');
    await page.getByRole('button', { name: 'Try' }).click();
    await page.getByText('Dropped').waitFor();
    await look(page, 'incoming-rules');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').first().waitFor();
    expect(await flow.api.call('GET', `/v1/incoming-servers/${id}`)).toMatchObject({
      rules: [
        { match: { subject: ['an invoice'] }, then: 'park' },
        { name: 'The rest', then: 'drop' },
      ],
    });
    await page.goto('/console/incoming-servers');
    await page.getByText('Not Confirmed').waitFor();
    await look(page, 'incoming-servers');
  });
});
