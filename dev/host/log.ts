import type { LogLevel } from './rpc.ts';

/** Writes one line; `source` is `Host`, `Functions.NAME`, ... */
export type Log = (source: string, level: LogLevel, message: string) => void;

/** A log that writes `[ISO time] [level] source: message`, one line a message, line ends within it shown as `\n`. */
export function createLog(write: (line: string) => void): Log {
  return (source, level, message) => {
    const oneLine = message.trimEnd().replaceAll(/\r?\n/g, '\\n');
    write(`[${new Date().toISOString()}] [${level}] ${source}: ${oneLine}`);
  };
}

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
