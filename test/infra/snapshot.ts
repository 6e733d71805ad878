import { readFileSync } from 'node:fs';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A resource that a deployment would make. Those of Microsoft Graph have neither id nor name. */
export interface Resource {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly apiVersion?: string;
  readonly sku?: { readonly name: string };
  readonly properties?: Record<string, Json>;
}

export interface Snapshot {
  readonly predictedResources: readonly Resource[];
  readonly outputs: Record<string, Json>;
  readonly diagnostics: readonly unknown[];
}

/** The committed snapshot of a parameter set, which templates.test.ts holds against what the compiler says. */
export function readSnapshot(set: string): Snapshot {
  return JSON.parse(readFileSync(`test/infra/snapshots/${set}.snapshot.json`, 'utf8')) as Snapshot;
}

export function ofType({ predictedResources }: Snapshot, type: string): readonly Resource[] {
  return predictedResources.filter((resource) => resource.type === type);
}

/** The only resource of a type. @throws Error when there is none, or more than one */
export function theOne(snapshot: Snapshot, type: string): Resource {
  const [found, ...others] = ofType(snapshot, type);
  if (found === undefined || others.length > 0) throw new Error(`There is not one ${type}.`);
  return found;
}

/** Each property of a value at whatever depth, with the path to it, as in `properties.networkAcls.bypass`. */
export function everyProperty(value: Json, path = ''): [path: string, value: Json][] {
  if (value === null || typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => everyProperty(inner, path === '' ? key : `${path}.${key}`));
}

/** A text, or nothing where there is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
