import type { ContainerClient } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import { Readable } from 'node:stream';
import type { Settings } from '../settings.ts';
import type { RawMail, RawMailList } from '../shared/raw-mail.ts';
import { sweepChunks } from './sweep-chunks.ts';
import { statusOf, toStorageError } from './to-storage-error.ts';

const container = 'mail';
const blockSize = 4 * 1024 * 1024;
/** Two of them are on their way and a third is filled; a blob takes 50,000. */
const streamBlockSize = 1024 * 1024;
/** It lasts as long as the mail server takes to read it all; a background call may take 14 minutes. */
const downloadPatience = 13 * 60_000;

export interface RawMailBlobs extends RawMail, RawMailList {
  /** Where a blob is for others, who need rights of their own to read it. */
  urlOf(name: string): Promise<string>;
}

/** Whole messages as blobs. What is not whole is no blob: Azure drops its blocks within a week. */
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
    async put(name, content, signal) {
      await ask(async (client) => {
        const blob = client.getBlockBlobClient(name);
        const blobContentType = name.endsWith('.json') ? 'application/json' : 'message/rfc822';
        const headers = { blobHTTPHeaders: { blobContentType } };
        if (content instanceof Readable) {
          await client.createIfNotExists();
          const limit = AbortSignal.timeout(300_000);
          const abortSignal = signal === undefined ? limit : AbortSignal.any([limit, signal]);
          const swept = Readable.from(sweepChunks(content), { objectMode: false });
          await blob.uploadStream(swept, streamBlockSize, 2, { ...headers, abortSignal });
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
            .download(0, undefined, { abortSignal: AbortSignal.timeout(downloadPatience) });
          return readableStreamBody === undefined
            ? undefined
            : Readable.from(sweepChunks(readableStreamBody as AsyncIterable<Uint8Array>), { objectMode: false });
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

    async *olderThan(prefix, time) {
      try {
        const client = await (opened ??= open());
        for await (const { name, properties } of client.listBlobsFlat({
          prefix,
          abortSignal: AbortSignal.timeout(300_000),
        }))
          if (properties.lastModified < time) yield name;
      } catch (thrown) {
        if (statusOf(thrown) !== 404) throw toStorageError(thrown);
      }
    },
  };
}
