import { beforeAll, describe, expect, it } from 'vitest';
import { provideFunctionsCore } from '../../dev/host/functions-core.ts';
import { loadApp } from '../../dev/host/load-app.ts';
import { triggerOf } from '../../dev/host/rpc.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { type OpenApi, type Operation } from '../support/openapi.ts';

let flow: Flow;
let document: OpenApi;
let operations: (Operation & { method: string; path: string })[];

beforeAll(async () => {
  flow = await startFlow();
  document = (await (await fetch(`${flow.url}/openapi.json`)).json()) as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
});

/** The functions of the built app, as a host sees them. */
async function registeredFunctions() {
  const app = await loadApp(
    process.cwd(),
    provideFunctionsCore(() => undefined),
  );
  return [...app.registrations.functions.values()].map(({ metadata }) => ({ metadata, ...triggerOf(metadata) }));
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 about this Postern', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.servers).toEqual([{ url: flow.url }]);
    expect(operations.length).toBeGreaterThan(45);
  });

  it('has a place for each reference, and a use for each component', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(30);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
      expect(target, reference).toBeDefined();
    }
    const names = Object.entries(document.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, parts]) => Object.keys(parts).map((name) => `components/${kind}/${name}`));
    expect(names.filter((name) => !references.includes(name))).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/"\$(defs|schema)"/);
  });

  it('says of each call how it is called and what it answers', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, method, path, tags, parameters, requestBody, responses } of operations) {
      expect(tags, operationId).toHaveLength(1);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const inPath = parameters.filter((each) => each.in === 'path');
      expect(inPath.map(({ name }) => name).sort(), operationId).toEqual(named.sort());
      for (const { name, required, schema } of parameters) {
        expect(schema, `${operationId} ${name}`).toHaveProperty('type');
        expect(required).toBe(named.includes(name));
      }
      const answers = Object.keys(responses);
      const success = answers.filter((status) => /^2\d\d$/.test(status));
      // What does nothing but lead on answers 303.
      if (success.length === 0) success.push(...answers.filter((status) => status === '303'));
      // A message is taken, or, where that is asked, only looked at or waited for.
      expect(success, operationId).toEqual(operationId === 'sendMessage' ? ['200', '202'] : [expect.any(String)]);
      expect(responses).toMatchObject({ '4XX': {}, '5XX': {} });
      expect(success[0] === '204', operationId).toBe(responses[success[0] ?? '']?.content === undefined);
      if (method === 'GET' || method === 'DELETE') expect(requestBody, operationId).toBeUndefined();
    }
    expect(operations.find(({ operationId }) => operationId === 'listMessages')?.parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    });
  });

  it('has every function that answers HTTP, and no other', async () => {
    const functions = await registeredFunctions();
    const http = functions.filter(({ binding }) => binding.type === 'httpTrigger');
    const declared = operations.map(({ operationId, method, path }) => `${operationId}: ${method} ${path}`);
    const registered = http
      // The console's page and files are no part of the API.
      .filter(({ metadata }) => !['unmatched', 'serveConsole'].includes(metadata.name))
      .map(({ metadata, binding }) => {
        const methods = (binding.methods ?? []).filter((method) => method.toUpperCase() !== 'HEAD');
        return `${metadata.name}: ${methods.join().toUpperCase()} /${binding.route ?? ''}`;
      });
    expect(registered.sort()).toEqual(declared.sort());
    for (const { metadata, binding } of http) expect(binding.authLevel, metadata.name).toBe('anonymous');
    // The host tries functions in the order of their names, and this one takes whatever comes.
    const names = http.map(({ metadata }) => metadata.name.toUpperCase()).sort();
    expect(names.at(-1)).toBe('UNMATCHED');
  });
});

describe('/docs', () => {
  it('lists every call and explains every problem where its type points to', async () => {
    const response = await fetch(`${flow.url}/docs`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await response.text();
    for (const { method, path } of operations) expect(html).toContain(`<code>${method} ${path}</code>`);
    const problem = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } };
    const codes = problem.properties.code.enum;
    expect(codes.length).toBeGreaterThan(40);
    for (const code of codes) expect(html).toContain(` id="${code}"`);
    const { type } = (await (await fetch(`${flow.url}/v1/app`)).json()) as { type: string };
    const place = new URL(type, `${flow.url}/v1/app`);
    expect([place.pathname, html.includes(` id="${place.hash.slice(1)}"`)]).toEqual(['/docs', true]);
  });
});

describe('a page', () => {
  it.each(['/docs', '/microsoft_outlook/confirm', '/microsoft_outlook/confirm?state=approval'])(
    '%s is whole, loads and runs nothing, and is neither framed nor kept',
    async (path) => {
      const response = await fetch(flow.url + path);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]);
      const html = await response.text();
      expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(html).toMatch(/<meta charset="utf-8">/);
      expect(html).toMatch(/<title>[^<]+ · Postern<\/title>/);
      expect(html.match(/<h1>/g)).toHaveLength(1);
      expect(html).not.toMatch(/<script|<link|<img|<iframe| on\w+=| src=|@import|url\(/i);
      expectBalanced(html);
    },
  );
});

/** Fails where an element is closed that is not open, or one stays open. */
function expectBalanced(html: string): void {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (['meta', 'br', 'input', 'hr'].includes(name)) continue;
    if (slash === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
}
