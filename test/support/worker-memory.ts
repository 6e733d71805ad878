import { readFileSync, writeFileSync } from 'node:fs';

/** Memory of the process that holds the functions, as Linux counts it. */
export interface WorkerMemory {
  /** Octets it has now; from here on the most is counted anew. */
  start(): number;
  /** The most it has had since. */
  most(): number;
}

/** @param host the process id of a host, whose only child is its worker */
export function workerMemoryOf(host: number): WorkerMemory {
  const worker = readFileSync(`/proc/${host}/task/${host}/children`, 'utf8').trim();
  const octets = (field: string): number => {
    const status = readFileSync(`/proc/${worker}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  };
  return {
    start() {
      // proc(5): resets the peak resident set size.
      writeFileSync(`/proc/${worker}/clear_refs`, '5');
      return octets('VmRSS');
    },
    most: () => octets('VmHWM'),
  };
}
