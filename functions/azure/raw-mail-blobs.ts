import type { ContainerClient } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import { Readable } from 'node:stream';
import type { Settings } from '../settings.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import { statusOf, toStorageError } from './to-storage-error.ts';

const container = 'mail';
const blockSize = 4 * 1024 * 1024;

export interface RawMailBlobs extends RawMail {
  /** Where a blob is for others, who need rights of their own to read it. */
  urlOf(name: string): Promise<string>;
}

/** Whole messages as blobs. */
export function createRawMailBlobs(
  storage: Settings['storage'],
  credential: () => Promise<TokenCredential>,
): RawMailBlobs {
  let opened: Promise<ContainerClient> | undefined;

  async function open(): Promise<ContainerClient> {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const options = { retryOptions: { maxTries: 4, maxRetryDelayInMs: 5_000 } };
    const service =
      'connectionString' in storage
        ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
        : new BlobServiceClient(storage.blobs, await credential(), options);
    return service.getContainerClient(container);
  }

  async function ask<T>(run: (client: ContainerClient) => Promise<T>): Promise<T> {
    opened ??= open();
    try {
      return await run(await opened);
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }

  return {
    async put(name, content) {
      await ask(async (client) => {
        const blob = client.getBlockBlobClient(name);
        const blobContentType = name.endsWith('.json') ? 'application/json' : 'message/rfc822';
        const headers = { blobHTTPHeaders: { blobContentType } };
        if (content instanceof Readable) {
          await client.createIfNotExists();
          await blob.uploadStream(content, blockSize, 2, { ...headers, abortSignal: AbortSignal.timeout(300_000) });
          return;
        }
        const upload = () =>
          blob.uploadData(content, {
            ...headers,
            maxSingleShotSize: 8 * blockSize,
            abortSignal: AbortSignal.timeout(120_000),
          });
        try {
          await upload();
        } catch (thrown) {
          if (statusOf(thrown) !== 404) throw thrown;
          await client.createIfNotExists();
          await upload();
        }
      });
    },

    async get(name) {
      return ask(async (client) => {
        try {
          const { readableStreamBody } = await client
            .getBlobClient(name)
            .download(0, undefined, { abortSignal: AbortSignal.timeout(300_000) });
          return readableStreamBody === undefined
            ? undefined
            : Readable.from(readableStreamBody as AsyncIterable<Uint8Array>);
        } catch (thrown) {
          if (statusOf(thrown) === 404) return undefined;
          throw thrown;
        }
      });
    },

    urlOf: (name) => ask((client) => Promise.resolve(client.getBlobClient(name).url)),

    async remove(name) {
      await ask(async (client) => {
        try {
          await client.getBlobClient(name).delete({ abortSignal: AbortSignal.timeout(30_000) });
        } catch (thrown) {
          if (statusOf(thrown) !== 404) throw thrown;
        }
      });
    },
  };
}
