import type { Callback, CoreInvocation, CoreLog } from './functions-core.ts';
import type { App } from './load-app.ts';
import type { InvocationRequest, InvocationResponse } from './rpc.ts';

/**
 * Runs one call through the library's model with the app's hooks around it, in the order of the Node worker:
 * arguments, preInvocation, handler, postInvocation, outputs. Throws what the handler (or a hook) throws.
 */
export async function invoke(app: App, request: InvocationRequest, log: CoreLog): Promise<InvocationResponse> {
  const registered = app.registrations.functions.get(request.functionId);
  const model = app.registrations.model();
  if (registered === undefined || model === undefined) throw new Error(`No function "${request.functionId}".`);

  const core: CoreInvocation = {
    invocationId: request.invocationId,
    metadata: registered.metadata,
    request,
    state: 'preInvocationHooks',
    log,
  };
  const invocation = model.getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };

  const before: Record<string, unknown> = { ...shared, functionCallback: registered.callback, inputs };
  for (const hook of app.registrations.hooks('preInvocation')) await hook(before);
  const usedInputs = before['inputs'] as unknown[];

  const after: Record<string, unknown> = { ...shared, inputs: usedInputs, result: undefined, error: undefined };
  core.state = 'invocation';
  try {
    after['result'] = await invocation.invokeFunction(context, usedInputs, before['functionCallback'] as Callback);
  } catch (error) {
    after['error'] = error;
  }
  core.state = 'postInvocationHooks';
  for (const hook of app.registrations.hooks('postInvocation')) await hook(after);
  core.state = undefined;
  // A hook may have replaced the error or taken it away, hence the look at the context and not at what was caught.
  const failure = after['error'];
  if (failure !== undefined && failure !== null) throw asError(failure);
  return invocation.getResponse(context, after['result']);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
