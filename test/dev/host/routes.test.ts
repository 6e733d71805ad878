import { describe, expect, test } from 'vitest';
import { decodedPath, forwardedPath, joinedQuery } from '../../../dev/host/paths.ts';
import { createRouter } from '../../../dev/host/routes.ts';
import type { FunctionMetadata } from '../../../dev/host/rpc.ts';

function httpFunction(name: string, route: string, methods = ['GET']): FunctionMetadata {
  return { name, bindings: { trigger: { type: 'httpTrigger', direction: 'in', route, methods } } };
}

function routerOf(...functions: FunctionMetadata[]) {
  const lines: string[] = [];
  const match = createRouter(functions, 'api', { VERSION: 'v2' }, (_source, _level, message) => lines.push(message));
  return {
    lines,
    find(method: string, path: string) {
      const found = match(method, path);
      return found && [found.metadata.name, found.params];
    },
  };
}

describe('createRouter', () => {
  test.each([
    ['items', '/api/items', {}],
    ['items', '/API/Items/', {}],
    ['items/{id}', '/api/items/a b', { id: 'a b' }],
    ['items/{id:int}', '/api/items/7', { id: '7' }],
    ['items/{id?}', '/api/items', {}],
    ['items/{id?}', '/api/items/7', { id: '7' }],
    ['files/{*rest}', '/api/files/a/b', { rest: 'a/b' }],
    ['files/{*rest}', '/api/files', {}],
    ['{name}.{extension}', '/api/report.pdf', { name: 'report', extension: 'pdf' }],
    ['%VERSION%/items', '/api/v2/items', {}],
    ['', '/api/one', {}],
  ])('%j takes %s', (route, path, params) => {
    expect(routerOf(httpFunction('one', route)).find('GET', path)).toEqual(['one', params]);
  });

  test.each([
    ['items', 'POST', '/api/items'],
    ['items', 'GET', '/items'],
    ['items', 'HEAD', '/api/items'],
    ['items/{id}', 'GET', '/api/items'],
    ['items/{id}', 'GET', '/api/items/7/8'],
    ['a.b', 'GET', '/api/axb'],
  ])('%j does not take %s %s', (route, method, path) => {
    expect(routerOf(httpFunction('one', route)).find(method, path)).toBeUndefined();
  });

  test('the first function by name takes the request, and what it hides is reported', () => {
    const hidden = routerOf(httpFunction('get', 'items/{id}'), httpFunction('recent', 'items/recent'));
    expect(hidden.find('GET', '/api/items/recent')).toEqual(['get', { id: 'recent' }]);
    expect(hidden.lines).toEqual([
      expect.stringContaining('Functions.get (api/items/{id}) hides Functions.recent (api/items/recent)'),
    ]);
    const fine = routerOf(httpFunction('zGet', 'items/{id}'), httpFunction('recent', 'items/recent'));
    expect(fine.find('GET', '/api/items/recent')).toEqual(['recent', {}]);
    expect(fine.find('GET', '/api/items/other')).toEqual(['zGet', { id: 'other' }]);
    const otherMethod = routerOf(httpFunction('get', 'items/{id}'), httpFunction('recent', 'items/recent', ['PUT']));
    expect([...fine.lines, ...otherMethod.lines]).toEqual([]);
  });

  test.each(['admin', 'Administrators', 'runtime/x', '%MISSING%'])('the route %j is an error', (route) => {
    const router = routerOf(httpFunction('bad', route), httpFunction('good', 'good'));
    expect(router.lines).toEqual([expect.stringContaining('Functions.bad is in error')]);
    expect(router.find('GET', `/api/${route}`)).toBeUndefined();
    expect(router.find('GET', '/api/good')).toEqual(['good', {}]);
  });
});

test.each([
  ['/a%2Fb/%41%20%C3%A9?q=%2F', '/a%2Fb/A é', '/a%252Fb/A%20%C3%A9?q=%2F'],
  ['/a/../b/./c', '/b/c', '/b/c'],
  ['/100%25/%zz/%C3', '/100%/%zz/%C3', '/100%25/%25zz/%25C3'],
  ["/a+b:@!$&'()*,;=~", "/a+b:@!$&'()*,;=~", "/a+b:@!$&'()*,;=~"],
])('%s is matched as %s and forwarded as %s', (url, decoded, forwarded) => {
  expect(decodedPath(url)).toBe(decoded);
  expect(forwardedPath(url)).toBe(forwarded);
});

test('repeated query parameters are joined', () => {
  expect(joinedQuery('/x?a=1&b=&a=2')).toEqual({ a: '1,2', b: '' });
});
