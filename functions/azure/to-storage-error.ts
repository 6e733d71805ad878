import { GatewayError } from '../shared/errors.ts';

/** The HTTP status an Azure SDK's error carries, if it is one. */
export function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

/** An error of a storage service as ours. What has its own meaning (404, 409, 412) is for the caller to look at first. */
export function toStorageError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const status = statusOf(thrown);
  const remedy =
    status === 403
      ? 'The identity lacks a role on the storage account; infra/roles.bicep lists them. New roles take minutes to work.'
      : 'Storage answers again by itself, or its address in the settings is wrong.';
  return new GatewayError('storage-unavailable', 'Storage did not answer as it should.', {
    cause: thrown,
    data: { remedy, retryAfter: 5 },
  });
}
