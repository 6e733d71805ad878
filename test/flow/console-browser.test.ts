import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { appFolderWith } from '../support/app-folder.ts';
import { startBrowser } from '../support/browser.ts';
import { startFlow, type Flow } from '../support/flow.ts';

// What only a browser decides: which cookies it takes and sends, and what the policy lets run.
const script = `
  const style = document.head.appendChild(document.createElement('style'));
  style.sheet.insertRule('h1 { color: rgb(1, 2, 3) }');
  const session = await (await fetch('/console/session')).json();
  document.querySelector('h1').textContent = session.name + ' ' + getComputedStyle(document.querySelector('h1')).color;
`;
const root = appFolderWith({
  'index.html': `<!doctype html><title>Console</title><h1>Nobody</h1><script>document.title = 'inline'</script>
    <style>h1 { font-size: 99px }</style><script type="module" src="/console/assets/index-a1.js"></script>`,
  'assets/index-a1.js': script,
});

let flow: Flow;
let browser: Browser;

beforeAll(async () => {
  flow = await startFlow({ root });
  browser = await startBrowser();
}, 60_000);

describe('a browser', () => {
  it('comes back from Microsoft with a session that it sends at once, and runs nothing but the console’s files', async () => {
    const page = await browser.newPage();
    const blocked: string[] = [];
    page.on('console', (line) => {
      if (line.type() === 'error') blocked.push(line.text());
    });
    await page.goto(`${flow.url}/console/sign-in?returnTo=/console/messages`);
    await page.click('button[value="ada@contoso.example"]');
    await page.click('button[value="accept"]');
    await page.waitForURL(`${flow.url}/console/messages`);
    await page.waitForSelector('h1:not(:text-is("Nobody"))');
    expect(await page.textContent('h1')).toBe('ada@contoso.example rgb(1, 2, 3)');
    expect(await page.title()).toBe('Console');
    expect(blocked.filter((text) => text.includes('inline'))).toHaveLength(2);
    expect(await page.evaluate('document.cookie')).toBe('');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, sameSite, secure, httpOnly }) => [name, sameSite, secure, httpOnly])).toEqual([
      ['__Host-postern', 'Strict', true, true],
    ]);
    await page.close();
  });
});
