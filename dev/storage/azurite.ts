import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

// The account every copy of Azurite has; its key is in Microsoft's documentation and opens nothing else.
// https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
const accountName = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const azurite = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
const endWithParent = new URL('../end-with-parent.ts', import.meta.url).href;
const keepBeforeAnswering = new URL('keep-before-answering.ts', import.meta.url).href;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A storage account on this machine: blobs, queues and tables. */
export interface Storage {
  /** What `fromConnectionString` of the Azure SDKs takes. */
  connectionString: string;
  blobUrl: string;
  queueUrl: string;
  tableUrl: string;
  pid: number;
  /** Ends it and waits until it has ended. */
  stop: () => Promise<void>;
  /** Ends it as `kill -9` would. */
  kill: () => void;
}

/**
 * Starts Azurite, Microsoft's storage emulator, in a process of its own on free ports of 127.0.0.1. It ends with this process.
 *
 * Without `folder` everything is in memory. With it, whatever was answered is there at the next start in the same folder,
 * even after `kill -9` of everything (see keep-before-answering.ts). One process at a time can have a folder.
 *
 * @throws Error with what Azurite said, when it ended instead of listening.
 */
export async function startAzurite({ folder }: { folder?: string | undefined } = {}): Promise<Storage> {
  const location = folder && resolve(folder);
  if (location) mkdirSync(location, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      ...['--import', endWithParent],
      ...(location ? ['--import', keepBeforeAnswering] : []),
      azurite,
      ...(location ? ['--location', location] : ['--inMemoryPersistence']),
      ...['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'],
      ...['--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    ],
    {
      cwd: location ?? tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C is for this process, which may have something to store before it calls stop().
      detached: true,
      windowsHide: true,
    },
  ) as Child;
  const exited = once(child, 'close');
  const [blobUrl, queueUrl, tableUrl] = await listening(child, exited);
  // A pipe nobody reads fills up and stops the child.
  child.stdout.resume();
  child.stderr.pipe(process.stderr, { end: false });

  return {
    connectionString: [
      `DefaultEndpointsProtocol=http;AccountName=${accountName};AccountKey=${accountKey}`,
      `BlobEndpoint=${blobUrl};QueueEndpoint=${queueUrl};TableEndpoint=${tableUrl};`,
    ].join(';'),
    blobUrl,
    queueUrl,
    tableUrl,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

/** The addresses of the three services, once all of them listen. */
async function listening(child: Child, exited: Promise<unknown>) {
  let said = '';
  const addressOf = (service: string) =>
    new RegExp(`${service} service is successfully listening at (\\S+)`).exec(said)?.[1];
  const { promise: addresses, resolve: found } = Promise.withResolvers<[string, string, string]>();
  const read = (text: Buffer) => {
    said += text.toString();
    const [blob, queue, table] = ['Blob', 'Queue', 'Table'].map(addressOf);
    if (!blob || !queue || !table) return;
    found([`${blob}/${accountName}`, `${queue}/${accountName}`, `${table}/${accountName}`]);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  try {
    return await Promise.race([
      addresses,
      exited.then(() => {
        throw new Error(`Azurite did not start: ${said.trim()}`);
      }),
    ]);
  } finally {
    child.stdout.off('data', read);
    child.stderr.off('data', read);
  }
}
