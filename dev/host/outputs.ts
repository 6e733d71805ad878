import type { FunctionMetadata, InvocationResponse, TypedData } from './rpc.ts';

/** Sends what a function returned and put out; rejects when a target cannot be reached, which fails the call. */
export type SendOutputs = (metadata: FunctionMetadata, response: InvocationResponse) => Promise<void>;

/** Puts one message on a queue, creating the queue when it is missing. */
export type SendMessage = (connection: string, queueName: string, text: string) => Promise<void>;

/** Makes the function that sends `$return` and extra outputs of type queue: an array becomes one message each. */
export function createOutputs(sendMessage: SendMessage): SendOutputs {
  return async (metadata, response) => {
    const outputs = [...(response.outputData ?? [])];
    if (response.returnValue) outputs.push({ name: '$return', data: response.returnValue });
    for (const { name, data } of outputs) {
      const binding = metadata.bindings[name];
      if (binding?.type !== 'queue' || binding.direction !== 'out') continue;
      if (binding.queueName === undefined) throw new Error(`The output "${name}" names no queue.`);
      for (const text of textsOf(data)) await sendMessage(binding.connection ?? '', binding.queueName, text);
    }
  };
}

function textsOf(data: TypedData): string[] {
  if (data.json !== undefined) {
    const value: unknown = JSON.parse(data.json);
    if (!Array.isArray(value)) return [data.json];
    return value.map((item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item)));
  }
  if (data.bytes !== undefined) return [Buffer.from(data.bytes).toString('utf8')];
  const text = data.string ?? data.int ?? data.double;
  return text === undefined ? [] : [String(text)];
}
