import type { BlobServiceClient } from '@azure/storage-blob';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasStatus } from './storage.ts';

/** The right to be the only one, for as long as `lost` is not aborted. */
export interface SingletonLease {
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export const hostContainer = 'azure-webjobs-hosts';

// The shortest lease there is: whoever takes over from a killed host waits no longer than this.
const leaseSeconds = 15;
const renewalInterval = 5_000;
const retryInterval = 3_000;

/**
 * Waits until the lease of a blob is ours and keeps renewing it; undefined when `signal` is aborted first. Rejects when the
 * storage account cannot be reached.
 */
export async function acquireSingletonLease(
  blobs: BlobServiceClient,
  blobName: string,
  signal: AbortSignal,
): Promise<SingletonLease | undefined> {
  const blob = blobs.getContainerClient(hostContainer).getBlockBlobClient(blobName);
  const client = blob.getBlobLeaseClient();
  while (!signal.aborted) {
    try {
      await client.acquireLease(leaseSeconds, { abortSignal: signal });
      return keepLease();
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') break;
      if (hasStatus(error, 404)) await createBlob();
      else if (hasStatus(error, 409)) await sleep(retryInterval, undefined, { signal }).catch(() => undefined);
      else throw error;
    }
  }
  return undefined;

  async function createBlob(): Promise<void> {
    await blobs.getContainerClient(hostContainer).createIfNotExists();
    try {
      await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
    } catch (error) {
      // Another host was faster.
      if (!hasStatus(error, 409, 412)) throw error;
    }
  }

  function keepLease(): SingletonLease {
    const lost = new AbortController();
    let renewedAt = Date.now();
    const renew = async () => {
      const now = Date.now();
      try {
        await client.renewLease();
        renewedAt = now;
      } catch (error) {
        if (hasStatus(error, 404, 409, 412) || Date.now() - renewedAt > leaseSeconds * 1000) lost.abort();
      }
    };
    const timer = setInterval(() => void renew(), renewalInterval);
    lost.signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
    return {
      lost: lost.signal,
      async release() {
        clearInterval(timer);
        // Not released is only slower for the next: it expires.
        if (!lost.signal.aborted) await client.releaseLease().catch(() => undefined);
      },
    };
  }
}
