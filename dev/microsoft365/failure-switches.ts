import { failures, type Works } from './failures.ts';

/** Switches for what can be wrong with the Microsoft 365; several may be on at once. */
export interface FailureSwitches {
  list(): { name: string; about: string; isOn: boolean }[];
  /** @param address only for this user or mailbox; left out: for everybody. @throws Error when there is no such failure, or it is on */
  start(name: string, address?: string): Promise<void>;
  /** Undoes it; nothing happens when it is not on. */
  stop(name: string): Promise<void>;
}

export function createFailureSwitches(works: Works): FailureSwitches {
  const undoing = new Map<string, () => void | Promise<void>>();
  return {
    list: () => Object.entries(failures).map(([name, { about }]) => ({ name, about, isOn: undoing.has(name) })),
    async start(name, address) {
      const failure = failures[name];
      if (failure === undefined) throw new Error(`There is no failure ${name}`);
      if (undoing.has(name)) throw new Error(`The failure ${name} is on`);
      undoing.set(name, await failure.start(works, address));
    },
    async stop(name) {
      const undo = undoing.get(name);
      undoing.delete(name);
      await undo?.();
    },
  };
}
