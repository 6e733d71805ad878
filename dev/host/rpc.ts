/**
 * What host and worker say to each other. The shapes follow the Functions host's own RPC contract as far as
 * `@azure/functions` reads or writes it; there is no npm package of these types.
 */

export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: HttpData;
}

/** A request (method, url, ...) or an answer (statusCode, cookies, ...), as the library's classic mode carries both. */
export interface HttpData {
  method?: string;
  url?: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: HttpCookie[];
  body?: TypedData | null;
}

export interface HttpCookie {
  name: string;
  value: string;
  domain?: { value: string };
  path?: { value: string };
  expires?: { value: { seconds: number } };
  maxAge?: { value: number };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
}

export interface Binding {
  type: string;
  direction: 'in' | 'out';
  name?: string;
  methods?: string[];
  route?: string;
  authLevel?: string;
  schedule?: string;
  runOnStartup?: boolean;
  useMonitor?: boolean;
  queueName?: string;
  connection?: string;
}

export interface RetryOptions {
  retryStrategy: 'fixedDelay' | 'exponentialBackoff';
  maxRetryCount: number;
  delayInterval?: { seconds: number };
  minimumInterval?: { seconds: number };
  maximumInterval?: { seconds: number };
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
  retryOptions?: RetryOptions;
}

export interface RetryContext {
  retryCount: number;
  maxRetryCount: number;
  exception?: { message: string };
}

export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
  retryContext?: RetryContext;
}

export interface InvocationResponse {
  invocationId: string;
  outputData?: { name: string; data: TypedData }[];
  returnValue?: TypedData | null;
}

export interface Failure {
  message: string;
  stack?: string;
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

export type MessageToWorker = { type: 'invoke'; request: InvocationRequest } | { type: 'terminate' };

export type MessageToHost =
  | { type: 'loaded'; functions: FunctionMetadata[]; httpUri?: string }
  | { type: 'loadFailed'; failure: Failure }
  | { type: 'log'; source: string; level: LogLevel; message: string }
  | { type: 'answer'; invocationId: string; response: InvocationResponse }
  | { type: 'failure'; invocationId: string; failure: Failure }
  | { type: 'terminated' };

/** The trigger of a function and its binding's name. */
export function triggerOf(metadata: FunctionMetadata): { name: string; binding: Binding } {
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    if (binding.type.toLowerCase().endsWith('trigger')) return { name, binding };
  }
  throw new Error(`Function "${metadata.name}" has no trigger.`);
}
