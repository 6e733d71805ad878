import { describe, expect, it } from 'vitest';
import { allowedAt, paramsOf } from '../../functions/http/routes.ts';

describe('the parameters of a path', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ['v1/accounts', '/v1/accounts', {}],
    ['v1/accounts', '/V1/Accounts/', {}],
    ['v1/accounts', '/v1/accounts/x', undefined],
    ['v1/accounts/{id}', '/v1/accounts/acc_1', { id: 'acc_1' }],
    ['v1/accounts/{id}', '/v1/accounts/ACC_1', { id: 'ACC_1' }],
    ['v1/accounts/{id}', '/v1/domains/acc_1', undefined],
    ['v1/domains/{domain}', '/v1/domains/m%C3%BCnchen.example', { domain: 'münchen.example' }],
    ['v1/accounts/{id}', '/v1/accounts/%E0%A4%A', { id: '%E0%A4%A' }],
    ['v1/received/{id}/attachments/{index}', '/v1/received/a/attachments/0', { id: 'a', index: '0' }],
  ])('%s at %s', (route, path, params) => {
    expect(paramsOf(route, path)).toEqual(params);
  });
});

describe('the methods of a path', () => {
  const endpoints = [
    { method: 'GET', route: 'v1/things/{id}' },
    { method: 'DELETE', route: 'v1/things/{id}' },
    { method: 'POST', route: 'v1/things/resolve' },
    { method: 'GET', route: 'once', safe: false },
  ] as const;

  it.each<[string, string[]]>([
    ['/v1/things/x', ['GET', 'HEAD', 'DELETE', 'OPTIONS']],
    ['/v1/things/resolve', ['GET', 'HEAD', 'DELETE', 'POST', 'OPTIONS']],
    ['/once', ['GET', 'OPTIONS']],
    ['/v1/things', []],
  ])('%s', (path, methods) => {
    expect(allowedAt(path, endpoints)).toEqual(methods);
  });
});
