import { resolveSettings } from './host-settings.ts';
import type { Environment } from './host-settings.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import type { FunctionMetadata } from './rpc.ts';
import { triggerOf } from './rpc.ts';

export interface RouteMatch {
  metadata: FunctionMetadata;
  authLevel: string;
  params: Record<string, string>;
}

export type MatchRoute = (method: string, path: string) => RouteMatch | undefined;

interface Route {
  metadata: FunctionMetadata;
  authLevel: string;
  methods: ReadonlySet<string>;
  template: string;
  pattern: RegExp;
  parameters: string[];
}

/**
 * Makes the function that finds who answers a request, by method and decoded path; nothing found is a 404, for a wrong
 * method too.
 *
 * The host tries the functions in alphabetical order of their NAMES and takes the first whose template fits: unlike ASP.NET it
 * knows no precedence of literals over parameters (github.com/Azure/azure-functions-host/issues/9876, open). A route that
 * is hidden behind another because of that is reported in the log, and hidden here too.
 */
export function createRouter(
  functions: readonly FunctionMetadata[],
  routePrefix: string,
  env: Environment,
  log: Log,
): MatchRoute {
  const routes: Route[] = [];
  for (const metadata of functions.toSorted(byName)) {
    const { binding } = triggerOf(metadata);
    if (binding.type !== 'httpTrigger') continue;
    try {
      const route = toRoute(metadata, routePrefix, env);
      const hiding = routes.find((other) => hides(other, route));
      if (hiding) log('Host', 'warning', hiddenLine(hiding, route));
      routes.push(route);
    } catch (error) {
      log('Host', 'error', `The function Functions.${metadata.name} is in error: ${messageOf(error)}`);
    }
  }

  return (method, path) => {
    const trimmed = path.replaceAll(/^\/|\/$/g, '');
    for (const { metadata, authLevel, methods, pattern, parameters } of routes) {
      const found = methods.has(method) ? pattern.exec(trimmed) : null;
      if (found === null) continue;
      const values = found.slice(1) as (string | undefined)[];
      const params = parameters.flatMap((name, index) => (values[index] ? [[name, values[index]]] : []));
      return { metadata, authLevel, params: Object.fromEntries(params) as Record<string, string> };
    }
    return undefined;
  };
}

function byName(a: FunctionMetadata, b: FunctionMetadata): number {
  const [left, right] = [a.name.toUpperCase(), b.name.toUpperCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toRoute(metadata: FunctionMetadata, routePrefix: string, env: Environment): Route {
  const { binding } = triggerOf(metadata);
  const own = resolveSettings(binding.route ?? '', env).replaceAll(/^\/|\/$/g, '');
  if (/^(admin|runtime)/i.test(own)) {
    throw new Error('The specified route conflicts with one or more built in routes.');
  }
  const template = [routePrefix, own === '' ? metadata.name : own].filter((part) => part !== '').join('/');
  return {
    metadata,
    authLevel: binding.authLevel ?? 'anonymous',
    methods: new Set((binding.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase())),
    template,
    ...toPattern(template),
  };
}

/** Constraints (`{id:int}`) and defaults are read over: every value fits. */
function toPattern(template: string): { pattern: RegExp; parameters: string[] } {
  const parameters: string[] = [];
  const source = template.split('/').map((segment, index) => {
    const separator = index === 0 ? '' : '/';
    const [, star, name, optional] = /^\{(\**)(\w+)[^}]*?(\?)?\}$/.exec(segment) ?? [];
    if (name === undefined) return separator + partsToPattern(segment, parameters);
    parameters.push(name);
    if (star) return `(?:${separator}(.*))?`;
    return optional ? `(?:${separator}([^/]+))?` : `${separator}([^/]+)`;
  });
  return { pattern: new RegExp(`^${source.join('')}$`, 'is'), parameters };
}

/** A segment of literal text, with parameters in between or without any. */
function partsToPattern(segment: string, parameters: string[]): string {
  return segment
    .split(/(\{\w+[^}]*\})/)
    .map((part) => {
      const name = /^\{(\w+)/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      parameters.push(name);
      return '([^/]+?)';
    })
    .join('');
}

/** Whether the earlier route takes a path that is the later one's template itself, read as text. */
function hides(earlier: Route, later: Route): boolean {
  if (![...later.methods].some((method) => earlier.methods.has(method))) return false;
  const example = later.template.replaceAll(/\{[^}]*\}/g, (parameter) => (parameter.includes('*') ? 'a/b' : '\u{1}'));
  return earlier.pattern.test(example);
}

function hiddenLine(earlier: Route, later: Route): string {
  const [first, second] = [earlier, later].map(({ metadata, template }) => `Functions.${metadata.name} (${template})`);
  return `${first} hides ${second}: functions are tried in alphabetical order of their names.`;
}
