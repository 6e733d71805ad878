import { registerHooks } from 'node:module';
import type { FunctionMetadata, InvocationRequest, InvocationResponse, LogLevel, TypedData } from './rpc.ts';

export type Callback = (...args: unknown[]) => unknown;
export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation';
export type Hook = (context: Record<string, unknown>) => unknown;
export type CoreLog = (level: LogLevel, category: string, message: string) => void;

/** What the library's model is given for one call; it reads `state` when somebody logs late. */
export interface CoreInvocation {
  invocationId: string;
  metadata: FunctionMetadata;
  request: InvocationRequest;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log: CoreLog;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: { invocationId: string }; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse & { returnValue?: TypedData | null }>;
}

export interface ProgrammingModel {
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
  getInvocationModel(core: CoreInvocation): InvocationModel;
}

/** What an app has registered through `@azure/functions-core` while it was loaded. */
export interface Registrations {
  readonly functions: ReadonlyMap<string, { metadata: FunctionMetadata; callback: Callback }>;
  hooks(name: HookName): readonly Hook[];
  model(): ProgrammingModel | undefined;
  /** From here on registering is an error, as it is in Azure once the app has started. */
  close(): void;
}

const hookNames: readonly string[] = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'];
const specifier = '@azure/functions-core';
const virtualUrl = 'devhost:functions-core';
const globalKey = 'postern.dev.host.functions-core';

/**
 * Makes `@azure/functions-core`, the module that exists only inside a Functions worker, loadable in this process
 * for `import` and `require` alike. Call it before the app is loaded; one app a process, as the library caches it.
 */
export function provideFunctionsCore(log: CoreLog): Registrations {
  const functions = new Map<string, { metadata: FunctionMetadata; callback: Callback }>();
  const hooks = new Map<string, Hook[]>();
  let model: ProgrammingModel | undefined;
  let closed = false;

  const core = {
    version: '3.9.1',
    hostVersion: '4.1037.0',
    Disposable,
    log,
    setProgrammingModel(value: ProgrammingModel) {
      model = value;
    },
    getProgrammingModel: () => model,
    registerFunction(metadata: FunctionMetadata, callback: Callback) {
      if (closed) throw new Error('A function can only be registered during app startup.');
      if (functions.has(metadata.name)) throw new Error(`A function named "${metadata.name}" is registered already.`);
      functions.set(metadata.name, { metadata, callback });
      return new Disposable(() => functions.delete(metadata.name));
    },
    registerHook(name: string, hook: Hook) {
      // Log hooks are missing from workers still in production; the library knows this answer and explains it.
      if (!hookNames.includes(name)) {
        throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
      }
      const registered = hooks.get(name) ?? [];
      hooks.set(name, [...registered, hook]);
      return new Disposable(() =>
        hooks.set(
          name,
          (hooks.get(name) ?? []).filter((other) => other !== hook),
        ),
      );
    },
  };

  Reflect.set(globalThis, Symbol.for(globalKey), core);
  registerHooks({
    resolve: (wanted, context, next) =>
      wanted === specifier ? { url: virtualUrl, format: 'commonjs', shortCircuit: true } : next(wanted, context),
    load: (url, context, next) =>
      url === virtualUrl
        ? {
            format: 'commonjs',
            shortCircuit: true,
            source: `module.exports = globalThis[Symbol.for('${globalKey}')];`,
          }
        : next(url, context),
  });

  return {
    functions,
    hooks: (name) => hooks.get(name) ?? [],
    model: () => model,
    close() {
      closed = true;
    },
  };
}

/** The handle a registration returns, as the worker defines it. */
class Disposable {
  readonly #onDispose: () => unknown;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  static from(...others: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const other of others) other.dispose();
    });
  }

  dispose(): void {
    this.#onDispose();
  }
}
