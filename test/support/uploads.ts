import type { ApiAnswer } from '../../dev/api-client.ts';
import type { Flow } from './flow.ts';
import { readAllTables } from './tables.ts';

export interface UploadedFile {
  /** The part's name. */
  readonly part: string;
  readonly filename: string;
  readonly content: Uint8Array;
  readonly contentType?: string;
}

/** Posts a message in another form than JSON, as any client does. */
export interface Uploads {
  post(
    body: NonNullable<RequestInit['body']>,
    contentType?: string,
    options?: { readonly query?: string; readonly headers?: Record<string, string> },
  ): Promise<ApiAnswer<Record<string, unknown>>>;
  /** As a form whose parts are made as browsers make them, with a boundary of their own each time. */
  form(
    message: object,
    files: readonly UploadedFile[],
    headers?: Record<string, string>,
    query?: string,
  ): Promise<ApiAnswer<Record<string, unknown>>>;
}

export function uploadsTo(flow: Pick<Flow, 'url' | 'adminKey'>): Uploads {
  const post: Uploads['post'] = async (body, contentType, { query = '', headers = {} } = {}) => {
    const response = await fetch(`${flow.url}/v1/messages${query}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${flow.adminKey}`,
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...headers,
      },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  return {
    post,
    form(message, files, headers = {}, query = '') {
      const form = new FormData();
      form.append('message', JSON.stringify(message));
      for (const { part, filename, content, contentType = '' } of files)
        form.append(part, new Blob([Buffer.from(content)], { type: contentType }), filename);
      return post(form, undefined, { headers, query });
    },
  };
}

/** How many Idempotency-Keys of uploads are held at this moment. */
export async function keysHeld({ storage }: Pick<Flow, 'storage'>): Promise<number> {
  const { leases = '' } = await readAllTables(storage.connectionString);
  return leases.match(/"rowKey":"key-/g)?.length ?? 0;
}
