import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startHost } from '../../dev/host/start-host.ts';
import { startFlow, type Flow } from '../support/flow.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Health {
  readonly status: string;
  readonly parts?: { name: string; detail: string }[];
}

async function healthOf(url: string): Promise<{ status: number; body: Health }> {
  const response = await fetch(`${url}/health`);
  return { status: response.status, body: (await response.json()) as Health };
}

/** A host that is told nothing but these settings. */
async function startWith(env: Record<string, string>): Promise<string> {
  const host = await startHost({ root, env });
  onTestFinished(() => host.stop());
  return host.url;
}

describe('without its settings Postern', () => {
  it('answers, and names all that is missing at once', async () => {
    const url = await startWith({});
    const { status, body } = await healthOf(url);
    expect([status, body.status]).toEqual([503, 'failing']);
    expect(body.parts).toEqual([
      { name: 'settings', detail: 'KEY_VAULT_URL is missing' },
      ...['table', 'blob', 'queue'].map((service) => ({
        name: 'settings',
        detail: `AzureWebJobsStorage__${service}ServiceUri is missing (and so is AzureWebJobsStorage)`,
      })),
      { name: 'settings', detail: 'PUBLIC_URL is missing (and so is WEBSITE_HOSTNAME)' },
    ]);

    const call = await fetch(`${url}/v1/accounts`, { headers: { authorization: `Bearer pst_x` } });
    expect(call.status).toBe(503);
    const problem = (await call.json()) as { code: string; errors: { pointer: string }[]; retryAfter: number };
    expect(problem.code).toBe('settings-invalid');
    expect(problem.errors.map(({ pointer }) => pointer)).toContain('KEY_VAULT_URL');
    expect(call.headers.get('retry-after')).toBe(String(problem.retryAfter));

    const page = await fetch(`${url}/microsoft_outlook/confirm?state=x&code=y`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('Settings are missing or wrong: KEY_VAULT_URL');
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it('shows no value of one that is wrong', async () => {
    const canary = 'canary-in-a-setting';
    const url = await startWith({
      AzureWebJobsStorage: `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${canary}`,
      KEY_VAULT_URL: `http://${canary}.example`,
      PUBLIC_URL: canary,
    });
    const { body } = await healthOf(url);
    expect(body.parts).toEqual([
      { name: 'settings', detail: 'KEY_VAULT_URL must be an https URL' },
      { name: 'settings', detail: 'PUBLIC_URL must be an http or https URL' },
    ]);
    for (const path of ['/health', '/v1/app', '/openapi.json', '/microsoft_outlook/confirm?state=x']) {
      expect(await (await fetch(url + path)).text()).not.toContain(canary);
    }
  });
});

describe('what Postern needs', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow();
    await flow.connect('ada@contoso.example');
  });

  it('is well, and nothing more is told', async () => {
    expect(await healthOf(flow.url)).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it.each<[string, (settings: Readonly<Record<string, string>>) => Record<string, string>]>([
    ['secrets', (settings) => ({ ...settings, KEY_VAULT_URL: 'https://localhost:1' })],
    [
      'storage',
      (settings) => ({
        ...settings,
        AzureWebJobsStorage: (settings['AzureWebJobsStorage'] ?? '').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1'),
      }),
    ],
  ])('is named when it is down: %s', async (name, without) => {
    const url = await startWith(without(flow.settings));
    const asked = Date.now();
    const { status, body } = await healthOf(url);
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'failing', parts: [{ name }] });
    expect(body.parts).toHaveLength(1);
    expect(Date.now() - asked).toBeLessThan(15_000);
    expect(JSON.stringify(body)).not.toMatch(/contoso|localhost|127\.0\.0\.1|AccountKey|ECONN|pst_/);
  });

  it('is what a call is refused for, with the time to try again', async () => {
    const nowhere = flow.storage.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const url = await startWith({ ...flow.settings, AzureWebJobsStorage: nowhere });
    const call = await fetch(`${url}/v1/accounts`, { headers: { authorization: `Bearer ${flow.adminKey}` } });
    expect([call.status, call.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await call.json()).toMatchObject({ code: 'storage-unavailable', retryable: true });
  });
});
