import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of host.json this host obeys; times in milliseconds. */
export interface HostSettings {
  /** Names the app in the storage account, for locks and timer status: the same after every restart. */
  hostId: string;
  routePrefix: string;
  /** Infinity when host.json says -1. */
  functionTimeout: number;
  bodyLimit: number;
  homepage: boolean;
  queues: QueueSettings;
}

export interface QueueSettings {
  batchSize: number;
  newBatchThreshold: number;
  maxDequeueCount: number;
  /** How long a failed message stays invisible before it is tried again. */
  visibilityTimeout: number;
  maxPollingInterval: number;
  messageEncoding: 'base64' | 'none';
}

/** Environment variables; host.json values can be overridden by them as in Azure. */
export type Environment = Readonly<Record<string, string | undefined>>;

const overridePrefix = 'AzureFunctionsJobHost__';

/**
 * Reads `<root>/host.json` with the documented defaults (learn.microsoft.com/azure/azure-functions/functions-host-json).
 * App settings named `AzureFunctionsJobHost__a__b` replace the value at `a.b`, as they do in Azure. Throws when the file
 * is not JSON or a value is not of its kind.
 */
export function readHostSettings(root: string, env: Environment): HostSettings {
  const file = join(root, 'host.json');
  const json: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const read = (path: string) => override(env, path) ?? valueAt(json, path);

  const batchSize = numberOf('batchSize', read('extensions.queues.batchSize') ?? 16);
  const encoding = read('extensions.queues.messageEncoding') ?? 'base64';
  if (encoding !== 'base64' && encoding !== 'none') throw new Error(`host.json: messageEncoding is base64 or none.`);
  return {
    hostId: hostIdOf(root),
    routePrefix: textOf('routePrefix', read('extensions.http.routePrefix') ?? 'api').replaceAll(/^\/|\/$/g, ''),
    functionTimeout: parseTimeSpan('functionTimeout', read('functionTimeout') ?? '00:30:00'),
    bodyLimit: numberOf('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT', env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] ?? 104_857_600),
    homepage: env['AzureWebJobsDisableHomepage']?.toLowerCase() !== 'true',
    queues: {
      batchSize: Math.min(batchSize, 32),
      newBatchThreshold: numberOf(
        'newBatchThreshold',
        read('extensions.queues.newBatchThreshold') ?? Math.floor(batchSize / 2),
      ),
      maxDequeueCount: numberOf('maxDequeueCount', read('extensions.queues.maxDequeueCount') ?? 5),
      visibilityTimeout: parseTimeSpan('visibilityTimeout', read('extensions.queues.visibilityTimeout') ?? '00:00:00'),
      maxPollingInterval: Math.max(
        100,
        parseTimeSpan('maxPollingInterval', read('extensions.queues.maxPollingInterval') ?? '00:01:00'),
      ),
      messageEncoding: encoding,
    },
  };
}

/** Replaces every `%NAME%` by the app setting of that name. Throws when there is none. */
export function resolveSettings(text: string, env: Environment): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value: there is no such setting.`);
    return value;
  });
}

/** Milliseconds of a .NET TimeSpan such as `00:00:01`, `1.00:00:00` or `00:00:00.250`; `-1` is without end. */
export function parseTimeSpan(name: string, value: unknown): number {
  const text = textOf(name, value);
  if (text === '-1') return Infinity;
  const parts = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text);
  if (parts === null) throw new Error(`host.json: ${name} is not a time span (hh:mm:ss): ${text}`);
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number((part as string | undefined) ?? 0));
  return Math.round((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000);
}

function hostIdOf(root: string): string {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name?: string };
  const id = (name ?? 'app').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return id.replaceAll(/^-|-$/g, '').slice(0, 32);
}

function override(env: Environment, path: string): string | undefined {
  const wanted = (overridePrefix + path.replaceAll('.', '__')).toLowerCase();
  return Object.entries(env).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function valueAt(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      json,
    );
}

function numberOf(name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
    throw new Error(`${name} is not a whole number: ${String(value)}`);
  }
  return number;
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${name} is not a text: ${String(value)}`);
  return value;
}
