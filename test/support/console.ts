import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { startBrowser } from './browser.ts';
import type { Flow } from './flow.ts';

/** The console in a real browser, against a stack. */
export interface ConsoleOnTest {
  /**
   * A page of its own (nothing is shared with others), signed in unless `signedIn` is false. After the test it fails for
   * any violation of the content security policy, error in the browser's console, exception, or call to another origin
   * than `mayCall`.
   */
  readonly open: (
    path: string,
    options?: BrowserContextOptions & { signedIn?: boolean; mayCall?: string },
  ) => Promise<Page>;
}

const folder = 'test/console/screens';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts a browser for the file's tests. */
export async function startConsole({ url, adminKey }: Pick<Flow, 'url' | 'adminKey'>): Promise<ConsoleOnTest> {
  const browser = await startBrowser();
  const complaints: string[] = [];
  const openPages: Page[] = [];
  afterEach(async () => {
    const found = complaints.splice(0);
    await Promise.all(openPages.splice(0).map((page) => page.context().close()));
    expect(found).toEqual([]);
  });
  return {
    async open(path, { signedIn = true, mayCall, ...options } = {}) {
      const context = await browser.newContext({
        baseURL: url,
        locale: 'en-GB',
        timezoneId: 'Europe/Paris',
        viewport: { width: 1280, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      });
      context.setDefaultTimeout(15_000);
      if (signedIn) await context.request.post('/console/session', { data: { key: adminKey }, failOnStatusCode: true });
      const page = await context.newPage();
      openPages.push(page);
      watch(page, [url, ...(mayCall === undefined ? [] : [mayCall])], complaints);
      await page.goto(`/console${path}`);
      return page;
    },
  };
}

/** Notes everything that a page of the console must never do. */
function watch(page: Page, origins: readonly string[], complaints: string[]): void {
  const isOurs = (address: string): boolean => [...origins, 'data:'].some((origin) => address.startsWith(origin));
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // What the API refuses, and that nobody answers, the page tells in words of its own.
    const isRefusal = /^Failed to load resource: (?:.* a status of 4|net::ERR_INTERNET_DISCONNECTED)/.test(
      message.text(),
    );
    const isFromUs = isOurs(message.location().url) || message.location().url === '';
    if (isFromUs && !isRefusal && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (request.isNavigationRequest() || !isOurs(request.frame().url())) return;
    if (!isOurs(request.url()) && !request.url().startsWith('blob:')) complaints.push(`foreign: ${request.url()}`);
  });
}

/**
 * Looks at what the page shows now: in light, dark and narrow, each kept as a picture in test/console/screens for people
 * to look at, and each without a serious finding of axe.
 */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const wide = page.viewportSize() ?? { width: 1280, height: 900 };
  for (const appearance of ['light', 'dark', 'narrow'] as const) {
    await page.emulateMedia({ colorScheme: appearance === 'dark' ? 'dark' : 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(appearance === 'narrow' ? { width: 390, height: 844 } : wide);
    await page.evaluate('scrollTo(0, 0)');
    await page.screenshot({ path: `${folder}/${name}-${appearance}.png`, fullPage: true, animations: 'disabled' });
    // What comes or goes is pale for a moment: a finding is one that stays.
    await expect.poll(() => seriousFindings(page), { message: `${name}, ${appearance}`, timeout: 5_000 }).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(wide);
}

async function seriousFindings(page: Page): Promise<string[]> {
  // Run from outside, where the page's policy has no say.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(
    // Fluent's focus management stands such elements around groups, and moves on whoever comes to one.
    'axe.run({ exclude: ["[data-tabster-dummy]"] }, { resultTypes: ["violations"], iframes: false })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
