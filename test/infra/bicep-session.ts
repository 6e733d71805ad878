import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

export interface Diagnostic {
  readonly source: string;
  readonly range: { readonly start: { readonly line: number } };
  readonly level: string;
  readonly code: string;
  readonly message: string;
}

/** What can be asked of the compiler, and what it answers. */
interface Methods {
  'bicep/compile': { ask: { path: string }; answer: { diagnostics: Diagnostic[]; contents?: string } };
  'bicep/compileParams': {
    ask: { path: string; parameterOverrides: Record<string, unknown> };
    answer: { diagnostics: Diagnostic[]; parameters?: string };
  };
  'bicep/format': { ask: { path: string }; answer: { contents: string } };
  'bicep/getSnapshot': {
    ask: { path: string; metadata: Record<string, string> };
    answer: { snapshot: string };
  };
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface BicepSession {
  ask<M extends keyof Methods>(method: M, params: Methods[M]['ask']): Promise<Methods[M]['answer']>;
  close(): void;
}

/**
 * Starts the compiler as a server (JSON-RPC over its standard input and output), which reads the types of Azure's
 * resources once; as a command it would read them again for every file.
 */
export function startBicep(program: string): BicepSession {
  const child = spawn(program, ['jsonrpc', '--stdio'], { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  let unread = Buffer.alloc(0);

  function take(reply: Reply): void {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) asked?.resolve(reply.result);
    else asked?.reject(new Error(reply.error.message));
  }

  child.stdout.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const headEnd = unread.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(unread.toString('latin1', 0, headEnd))?.[1]);
      const end = headEnd + 4 + length;
      if (unread.length < end) return;
      const reply = JSON.parse(unread.toString('utf8', headEnd + 4, end)) as Reply;
      unread = unread.subarray(end);
      take(reply);
    }
  });
  child.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The Bicep compiler ended.'));
    waiting.clear();
  });

  return {
    ask: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
        child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      }),
    close: () => {
      child.stdin.end();
    },
  };
}
