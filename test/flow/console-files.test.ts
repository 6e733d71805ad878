import { request } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { appFolderWith } from '../support/app-folder.ts';
import { startFlow, type Flow } from '../support/flow.ts';

const page = '<!doctype html><title>Console</title><script type="module" src="/console/assets/index-a1.js"></script>';
const script = `export const words = ${JSON.stringify(Array.from({ length: 200 }, (_, index) => `word ${index}`))};`;
const root = appFolderWith({
  'index.html': page,
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/index-a1.js': script,
  'assets/index-a1.js.br': brotliCompressSync(script),
  'assets/index-a1.js.gz': gzipSync(script),
  'secret.key': 'not for the web',
});

let flow: Flow;

beforeAll(async () => {
  flow = await startFlow({ root });
});

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Asks for exactly this path, and gives what came as it came: fetch would tidy the one and decompress the other. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  const { hostname, port } = new URL(flow.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('/console', () => {
  it.each(['/console', '/console/', '/console/messages', '/console/domains/contoso.example', '/console/a/b/c?d=e'])(
    '%s is the page, asked for anew each time',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body.toString()]).toEqual([200, page]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
      const again = await get(path, { 'if-none-match': `W/${String(headers['etag'])}` });
      expect([again.status, again.body.length]).toEqual([304, 0]);
      expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    },
  );

  it('is where / leads', async () => {
    expect(await get('/')).toMatchObject({ status: 302, headers: { location: '/console' } });
  });

  it('serves what never changes for a year, as small as the browser takes it', async () => {
    const path = '/console/assets/index-a1.js';
    const asked = (accepted: string) => get(path, { 'accept-encoding': accepted });
    const [plain, br, gzip, refused] = await Promise.all([
      get(path),
      asked('gzip, deflate, br, zstd'),
      asked('gzip'),
      asked('br;q=0, identity'),
    ]);
    for (const { status, headers } of [plain, br, gzip, refused]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      });
    }
    expect(plain.body.toString()).toBe(script);
    expect(refused.body.toString()).toBe(script);
    expect(br.headers['content-encoding']).toBe('br');
    expect(br.body).toEqual(brotliCompressSync(script));
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gzip.body).toEqual(gzipSync(script));
    expect(new Set([plain, br, gzip].map(({ headers }) => headers['etag'])).size).toBe(3);
    const inBrowser = await fetch(flow.url + path);
    expect(await inBrowser.text()).toBe(script);
  });

  it('answers HEAD without the body', async () => {
    const { status, headers, body } = await get('/console/favicon.svg', {}, 'HEAD');
    expect([status, headers['content-type'], body.length]).toEqual([200, 'image/svg+xml', 0]);
  });

  it.each([
    '/console/assets/index-b2.js',
    '/console/assets/',
    '/console/assets/../../host.json',
    '/console/../package.json',
    '/console/..%2fpackage.json',
    '/console/%2e%2e/%2e%2e/host.json',
    '/console/..%5c..%5chost.json',
    '/console/assets/index-a1.js%00.html',
    '/console//etc/passwd.txt',
    '/console/triggers/console.js',
    '/console/constructor.js',
  ])('has no %s', async (path) => {
    const { status, headers, body } = await get(path);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(body.toString()).not.toContain('routePrefix');
  });

  it('gives nothing away that is no file of a console', async () => {
    for (const path of ['/console/secret.key', '/console/assets/index-a1.js.br', '/console/index.html.gz']) {
      const { body } = await get(path);
      expect(body.toString()).not.toContain('not for the web');
      expect(body).not.toEqual(brotliCompressSync(script));
    }
  });

  it('takes no other method', async () => {
    expect((await get('/console', {}, 'POST')).status).toBe(404);
  });
});
