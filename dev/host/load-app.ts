import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Registrations } from './functions-core.ts';

/** An app that is loaded and started. */
export interface App {
  readonly root: string;
  readonly registrations: Registrations;
  /** Where the library's own HTTP server listens, when the app has switched streaming on. */
  readonly httpUri: string | undefined;
  /** Shared by all hooks of this process. */
  readonly appHookData: Record<string, unknown>;
}

/**
 * Loads the files that package.json's `main` (a path or a glob) names, in alphabetical order, and starts the app as the
 * Node worker does. Throws what a file throws, and when `main` matches nothing or the app registers nothing.
 */
export async function loadApp(root: string, registrations: Registrations): Promise<App> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main?: unknown };
  if (typeof manifest.main !== 'string') throw new Error('package.json names no "main".');
  const files = globSync(manifest.main, { cwd: root }).sort();
  if (files.length === 0) throw new Error(`No file matches the "main" of package.json: ${manifest.main}`);
  for (const file of files) await import(pathToFileURL(join(root, file)).href);

  const model = registrations.model();
  if (model === undefined) throw new Error(`The files of "main" (${manifest.main}) registered no function.`);
  const capabilities = await model.getCapabilities({});
  const appHookData = {};
  for (const hook of registrations.hooks('appStart')) {
    await hook({ hookData: {}, appHookData, functionAppDirectory: root });
  }
  registrations.close();
  return { root, registrations, httpUri: capabilities['HttpUri'], appHookData };
}

/** Runs the app's appTerminate hooks, all of them, whatever one of them throws. */
export async function terminateApp(app: App, onError: (error: unknown) => void): Promise<void> {
  for (const hook of app.registrations.hooks('appTerminate')) {
    try {
      await hook({ hookData: {}, appHookData: app.appHookData, functionAppDirectory: app.root });
    } catch (error) {
      onError(error);
    }
  }
}
