import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from './stack-process-main.ts';

export interface StackFacts {
  readonly url: string;
  readonly adminKey: string;
  /** Of the host and of the storage. */
  readonly pids: readonly number[];
}

export interface Ask {
  readonly id: number;
  readonly command: Command;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A stack in processes of its own that keeps its data in a folder. */
export interface StackProcess {
  readonly facts: StackFacts;
  ask<T = void>(command: Command): Promise<T>;
  /** Ends the stack, its host and its storage at once, as `kill -9` of all of them. */
  kill(): Promise<void>;
}

/** Starts the laptop's stack, seeded, with its data in this folder. */
export async function startStackProcess(folder: string): Promise<StackProcess> {
  const child: ChildProcess = fork(fileURLToPath(new URL('stack-process-main.ts', import.meta.url)), [folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'close');
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  const question = (): PromiseWithResolvers<unknown> => {
    const made = Promise.withResolvers<unknown>();
    asked.set(last, made);
    return made;
  };
  child.on('message', ({ id, result, error }: Answer) => {
    if (error === undefined) asked.get(id)?.resolve(result);
    else asked.get(id)?.reject(new Error(error));
    asked.delete(id);
  });
  void exited.then(() => {
    for (const { reject } of asked.values()) reject(new Error('The stack has ended.'));
  });

  let facts = (await question().promise) as StackFacts;
  return {
    get facts() {
      return facts;
    },
    async ask<T>(command: Command) {
      last += 1;
      const { promise } = question();
      child.send({ id: last, command } satisfies Ask);
      const result = await promise;
      if (command === 'restartHost') facts = result as StackFacts;
      return result as T;
    },
    async kill() {
      for (const pid of [...facts.pids, child.pid ?? 0]) killed(pid);
      await exited;
    },
  };
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended with one of the others.
  }
}
