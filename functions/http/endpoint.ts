import type { Cookie, HttpMethod } from '@azure/functions';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Scope } from '../access/caller.ts';
import type { Services } from '../services.ts';
import type { Call } from '../shared/call.ts';

export interface Input<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The request's headers, for the few calls that a header steers (`If-Match`, `Idempotency-Key`). */
  readonly header: (name: string) => string | undefined;
}

export interface Answer<A> {
  /** Left out: the endpoint's usual status. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly Cookie[];
  readonly body: A;
}

/** A shape as a handler may answer it: nobody changes it on its way out. */
type Shown<A> = A extends readonly (infer E)[]
  ? readonly Shown<E>[]
  : A extends object
    ? { readonly [K in keyof A]: Shown<A[K]> }
    : A;

/** A request body as it comes in: bounded in size and time while it is read, and to be read once. */
export interface Upload {
  /** The whole header, with its parameters. */
  readonly contentType: string;
  readonly content: Readable;
}

/** An endpoint's other form: a body of another content type, handed over as it comes instead of read into memory. */
export interface UploadForm<Q = unknown, A = unknown> {
  readonly query?: z.ZodType<Q>;
  /** What the body holds, for the OpenAPI document. */
  readonly shape: { readonly description: string; readonly parts?: Readonly<Record<string, z.ZodType>> };
  /** Octets of body that are read at most. */
  readonly bodyLimit: number;
  run(call: Call, input: Input<unknown, Q, Upload>, services: () => Services): Promise<Answer<Shown<A>>>;
}

/** What is sent as it is instead of as JSON. */
export type RawBody = string | Uint8Array | Readable | undefined;

/**
 * One HTTP call as data: its handler, its place in the OpenAPI document and the test that every route declares its
 * access are all made from this value.
 */
export interface Endpoint<P = unknown, Q = unknown, B = unknown, A = unknown, O = unknown> {
  /** The function's name in Azure and the operation's id in OpenAPI. */
  readonly name: string;
  readonly method: HttpMethod;
  /** False for a GET that changes something: programs that look at links ask HEAD, which must not do it. */
  readonly safe?: false;
  /** As the host matches it: no leading slash, `{name}` for a parameter. */
  readonly route: string;
  /** Who may call: anyone, or a caller that has the scope. There is no default. */
  readonly access: 'public' | Scope;
  /** The group it stands in on the documentation page. */
  readonly topic: string;
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** The request headers that steer it, name to what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Octets of body that are read at most. */
  readonly bodyLimit?: number;
  /** The bodies it takes besides JSON, by content type. */
  readonly uploads?: Readonly<Record<string, UploadForm>>;
  /** The usual status. */
  readonly status: number;
  /** Statuses it answers with as well in the form of its usual answer: redirects, and refusals that are no problems. */
  readonly refusals?: readonly number[];
  /** Statuses it answers with as well, and the shape they come in. */
  readonly others?: Readonly<Record<number, { readonly when: string; readonly answer: z.ZodType<O> }>>;
  /** The shape of the JSON answered, or the content type of anything else; left out: no content. */
  readonly answer?: z.ZodType<A> | { readonly contentType: string };
  /** One line of the answer to callers that accept `application/x-ndjson`: they are told of each thing as it happens. */
  readonly lines?: z.ZodType;
  /** Answers for itself even when the settings are wrong; `services` then throws on use. */
  run(call: Call, input: Input<P, Q, B>, services: () => Services): Promise<Answer<Shown<A> | Shown<O> | RawBody>>;
}

/** Lets the compiler infer an endpoint's types from its schemas and forget them again, so that endpoints make lists. */
export function endpoint<P, Q, B, A, O = A>(definition: Endpoint<P, Q, B, A, O>): Endpoint {
  return definition;
}

/** Whether a call may come without a body: its schema then says what that means. */
export function isOptional(body: z.ZodType): boolean {
  return body.safeParse(undefined).success;
}

/** Does the same for an endpoint's other forms. */
export function uploadForm<Q, A>(definition: UploadForm<Q, A>): UploadForm {
  return definition;
}
