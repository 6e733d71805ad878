import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startHost } from '../../../dev/host/start-host.ts';
import type { Host } from '../../../dev/host/start-host.ts';

export interface FixtureHost extends Host {
  readonly lines: readonly string[];
  /** Resolves with the first line, printed already or yet to come, that the pattern fits. */
  readonly line: (pattern: RegExp) => Promise<string>;
}

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** Starts the host for an app of `fixtures/` and ends it with the test. */
export async function runFixture(name: string, env: Record<string, string> = {}, port = 0): Promise<FixtureHost> {
  const { lines, line, add } = collectLines();
  const host = await startHost({ root: fixturePath(name), port, env, log: add });
  onTestFinished(() => host.stop());
  return { ...host, lines, line };
}

/** Keeps lines and lets a test wait for one. */
export function collectLines() {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  return {
    lines,
    add: (line: string) => {
      lines.push(line);
      for (const look of waiting) look();
    },
    line: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
