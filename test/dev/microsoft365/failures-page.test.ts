import { expect, it } from 'vitest';
import { startTenant } from './tenant-for-test.ts';

it('a person switches a failure on, sees that it is on, and switches it off', async () => {
  const microsoft365 = await startTenant();
  const url = `${microsoft365.pages}/failures`;
  const press = (button: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ address: '', ...button }) });
  const isOn = () => microsoft365.failures.list().filter((failure) => failure.isOn);

  const page = await fetch(url);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('name="start" value="smtp-auth-disabled-tenant"');
  const shown = await (await press({ start: 'imap-disabled', address: 'anna@contoso.test' })).text();
  expect(shown).toContain('name="stop" value="imap-disabled"');
  expect(isOn().map(({ name }) => name)).toEqual(['imap-disabled']);
  await press({ stop: 'imap-disabled' });
  expect(isOn()).toEqual([]);
  expect((await press({ start: 'no such failure' })).status).toBe(400);
  // Programs have no use for it: the sign-in's own address does not show it.
  expect((await fetch(`${microsoft365.authority}/failures`)).status).toBe(404);
});
