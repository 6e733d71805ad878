import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sparticuz, { inflate } from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';
import { afterFile } from './after-file.ts';

/**
 * Starts a Chromium that comes with the packages, with its own libraries and fonts, so that pages are the same on every
 * Linux; elsewhere the Chrome that is installed. It ends after the file's tests.
 */
export async function startBrowser(): Promise<Browser> {
  const browser = await (process.platform === 'linux' ? startPackaged() : chromium.launch({ channel: 'chrome' }));
  afterFile(() => browser.close());
  return browser;
}

async function startPackaged(): Promise<Browser> {
  const folder = await unpack();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // In containers there is no user namespace for the sandbox, and /dev/shm is small.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', '--disable-gpu'],
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    },
  });
}

/** Where the browser is unpacked, once for a version: whole or not at all, for several test files begin at once. */
async function unpack(): Promise<string> {
  const package_ = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(package_, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `postern-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const own = mkdtempSync(join(tmpdir(), 'postern-chromium-'));
  // The package unpacks to the temporary folder and calls finished what is only begun there.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = own;
  try {
    await sparticuz.executablePath();
    await inflate(join(package_, 'bin/al2023.tar.br'));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(own, folder);
  } catch {
    // Somebody else was faster.
    rmSync(own, { recursive: true, force: true });
  }
  return folder;
}
