import * as z from 'zod';

export interface Operation {
  readonly operationId: string;
  readonly tags: string[];
  readonly security: Record<string, string[]>[];
  readonly parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  readonly requestBody?: { content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { $ref?: string; content?: Record<string, { schema?: unknown }> }>;
}

/** The OpenAPI document as Postern serves it. */
export interface OpenApi {
  readonly openapi: string;
  readonly servers: { url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, unknown>; responses: Record<string, unknown> };
}

/** What judges answers by the document: says what is wrong with one, undefined when nothing is. */
export function createAnswerJudge(document: OpenApi) {
  const schemas = new Map<unknown, z.ZodType>();
  const whole = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...rest } = value as { $ref?: string };
    if ($ref === undefined) return Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, whole(part)]));
    const target = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    if (target === undefined) throw new Error(`${$ref} leads nowhere.`);
    return whole(target);
  };
  const schemaOf = (json: unknown): z.ZodType => {
    const known = schemas.get(json) ?? z.fromJSONSchema(whole(json) as Parameters<typeof z.fromJSONSchema>[0]);
    schemas.set(json, known);
    return known;
  };

  return (operation: Operation, status: number, contentType: string, body: unknown): string | undefined => {
    const declared = operation.responses[status] ?? operation.responses[`${String(status).charAt(0)}XX`];
    if (declared === undefined) return `${operation.operationId} does not declare ${status}`;
    const { content } = whole(declared) as typeof declared;
    const type = contentType.split(';')[0] ?? '';
    const entry = Object.entries(content ?? {}).find(([name]) => name.split(';')[0] === type);
    if (entry === undefined) {
      return content === undefined && contentType === ''
        ? undefined
        : `${operation.operationId} does not declare ${type}`;
    }
    const { schema } = entry[1];
    const error = schema === undefined ? undefined : schemaOf(schema).safeParse(body).error;
    return error && `${operation.operationId} ${status}: ${z.prettifyError(error)} in ${JSON.stringify(body)}`;
  };
}
