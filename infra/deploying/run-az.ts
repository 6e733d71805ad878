import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { DeployStopped } from './deploy-stopped.ts';

/** What a command of the Azure CLI came to. */
export interface AzOutcome {
  readonly ok: boolean;
  /** What it answered. */
  readonly answer: string;
  /** What it said besides: warnings, and why it failed. */
  readonly complaint: string;
}

/** Runs `az` with these arguments to its end. @throws DeployStopped when there is no az, or it does not end */
export type Az = (...args: readonly string[]) => Promise<AzOutcome>;

// On Windows az is a batch file, which only a shell starts.
const shell = process.platform === 'win32';

/** The Azure CLI on PATH. Each command is shown before it runs, as it can be copied. One that takes longer is ended. */
export function createAz(say: (line: string) => void, timeLimit: number): Az {
  return async (...args) => {
    const shown = args.map(quoted);
    say(`$ az ${shown.join(' ')}`);
    // Not spawn's own time limit: it keeps this process alive for all of it when there is no az.
    const signal = AbortSignal.timeout(timeLimit);
    const child = spawn('az', shell ? shown : args, { stdio: ['ignore', 'pipe', 'pipe'], signal, shell });
    const ended = new Promise<boolean>((resolve, reject) => {
      child.once('error', () => {
        reject(signal.aborted ? tooLong(args, timeLimit) : noAz());
      });
      child.once('close', (code) => {
        resolve(code === 0);
      });
    });
    const [ok, answer, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { ok, answer: answer.trim(), complaint: complaint.trim() };
  };
}

function noAz(): DeployStopped {
  return new DeployStopped('There is no Azure CLI (az) on this machine.', 'Install it, 2.60 or newer.');
}

function tooLong(args: readonly string[], timeLimit: number): DeployStopped {
  const what = `az ${args.slice(0, 3).join(' ')} was ended after ${timeLimit / 1000} s.`;
  return new DeployStopped(what, 'Look in the portal for what it waits for, then run this again.');
}

function quoted(argument: string): string {
  return /^[\w./\\:=@,+-]+$/.test(argument) ? argument : `"${argument}"`;
}
