import { BlobServiceClient } from '@azure/storage-blob';

/** Names of all that lies in blob storage under a prefix. */
export async function blobNames(connectionString: string, prefix: string): Promise<string[]> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('mail');
  if (!(await container.exists())) return [];
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name);
  return names;
}
