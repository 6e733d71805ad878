import * as z from 'zod';
import { isOptional, type Endpoint, type UploadForm } from './endpoint.ts';
import { problemSchema } from './schemas/problem-schema.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of these endpoints: their own schemas, nothing written by hand. */
export function toOpenApi(endpoints: readonly Endpoint[], publicUrl: string): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => lift(toJson(schema, io), components);
  const problem = { $ref: '#/components/responses/Problem' };
  const responses = {
    Problem: {
      description: 'A problem (RFC 9457): its code, who must act, and what to do',
      content: { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } },
    },
  };
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = (paths[`/${endpoint.route}`] ??= {});
    path[endpoint.method.toLowerCase()] = {
      operationId: endpoint.name,
      tags: [endpoint.topic],
      summary: endpoint.summary,
      security: endpoint.access === 'public' ? [] : [{ apiKey: [endpoint.access] }],
      parameters: [
        ...parametersOf(endpoint.params, 'path', schemaOf),
        ...queryParametersOf(endpoint, schemaOf),
        ...Object.entries(endpoint.headers ?? {}).map(headerParameter),
      ],
      ...(endpoint.body && {
        requestBody: {
          required: !isOptional(endpoint.body),
          content: bodiesOf(endpoint, endpoint.body, schemaOf),
        },
      }),
      responses: {
        [endpoint.status]: { description: 'Done', ...answerOf(endpoint, schemaOf) },
        ...Object.fromEntries(
          Object.entries(endpoint.others ?? {}).map(([status, { when, answer }]) => [
            status,
            { description: when, content: { 'application/json': { schema: schemaOf(answer, 'output') } } },
          ]),
        ),
        ...Object.fromEntries(
          (endpoint.refusals ?? []).map((status) => [
            status,
            { description: status < 400 ? 'Done' : 'Not done', ...answerOf(endpoint, schemaOf) },
          ]),
        ),
        '4XX': problem,
        '5XX': problem,
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '1',
      description: 'Send and receive mail through Microsoft 365 mailboxes.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: components,
      responses,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: pst_..., or an access token of Entra.' },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

/** Those of all its forms, each once. */
function queryParametersOf({ query, uploads = {} }: Endpoint, schemaOf: SchemaOf): Json[] {
  const all = [query, ...Object.values(uploads).map((form) => form.query)];
  const parameters = all.flatMap((each) => parametersOf(each, 'query', schemaOf));
  return [...new Map(parameters.map((parameter) => [parameter['name'], parameter])).values()];
}

function bodiesOf({ uploads = {} }: Endpoint, body: z.ZodType, schemaOf: SchemaOf): Json {
  return {
    'application/json': { schema: schemaOf(body, 'input') },
    ...Object.fromEntries(Object.entries(uploads).map(([type, { shape }]) => [type, uploadOf(shape, schemaOf)])),
  };
}

function uploadOf({ description, parts }: UploadForm['shape'], schemaOf: SchemaOf): Json {
  if (parts === undefined) return { schema: { type: 'string', format: 'binary', description } };
  return {
    schema: {
      type: 'object',
      description,
      properties: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, schemaOf(part, 'input')])),
      required: Object.keys(parts),
      additionalProperties: { type: 'string', format: 'binary' },
    },
    encoding: Object.fromEntries(Object.keys(parts).map((name) => [name, { contentType: 'application/json' }])),
  };
}

function answerOf({ answer, lines }: Endpoint, schemaOf: SchemaOf): Json {
  if (answer === undefined) return {};
  if (answer instanceof z.ZodType) {
    const asLines = lines && { 'application/x-ndjson': { schema: schemaOf(lines, 'output') } };
    return { content: { 'application/json': { schema: schemaOf(answer, 'output') }, ...asLines } };
  }
  return { content: { [answer.contentType]: {} } };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemaOf: SchemaOf): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function headerParameter([name, description]: readonly [string, string]): Json {
  return { name, in: 'header', description, required: false, schema: { type: 'string' } };
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): Json {
  return z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // The format says the same in a word.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
}

/** Moves the named schemas that JSON Schema keeps under `$defs` to where OpenAPI keeps them. */
function lift(schema: Json, components: Json): Json {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema, $defs, id, ...rest } = JSON.parse(text) as Json;
  Object.assign(components, $defs);
  if (typeof id !== 'string') return rest;
  components[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}
