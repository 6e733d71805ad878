import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite } from '../dev/storage/azurite.ts';

const atOnce = 8;

/**
 * Keeps mail in the storage of a laptop and reads it again, and does nothing else: what receiving and delivering cannot do
 * without. @returns seconds
 */
export async function keepAndRead(mails: readonly Buffer[]): Promise<number> {
  const storage = await startAzurite();
  const container = BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient('mail');
  await container.create();
  const begin = performance.now();
  const left = [...mails.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const blob = container.getBlockBlobClient(`${next[0]}.eml`);
      await blob.uploadData(next[1], { maxSingleShotSize: 32 * 1024 * 1024 });
      await blob.downloadToBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - begin) / 1000;
  await storage.stop();
  return seconds;
}
