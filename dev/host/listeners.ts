import { resolveSettings } from './host-settings.ts';
import type { Environment, HostSettings } from './host-settings.ts';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { startQueueListener } from './queue-listener.ts';
import type { Binding, FunctionMetadata } from './rpc.ts';
import { triggerOf } from './rpc.ts';
import { parseSchedule } from './schedule.ts';
import type { Storage } from './storage.ts';
import { startTimer } from './timer.ts';
import type { Timer } from './timer.ts';

/** Everything that calls functions of its own accord. */
export interface Listeners {
  /** Undefined when there is no timer function of that name (in any case). */
  runTimer(name: string): Promise<void> | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the timers and the queue listeners. A function that cannot be listened for (a schedule that is none, a setting
 * that is missing) is reported and left out; the others run, as in Azure. A timer whose setting `AzureWebJobs.NAME.Disabled`
 * is `true` runs only when it is told to (learn.microsoft.com/azure/azure-functions/disable-function).
 */
export function startListeners(options: {
  functions: readonly FunctionMetadata[];
  settings: HostSettings;
  env: Environment;
  storage: Storage;
  invoker: Invoker;
  log: Log;
}): Listeners {
  const { functions, settings, env, storage, invoker, log } = options;
  const timers = new Map<string, Timer>();
  const queues: { stop(): Promise<void> }[] = [];

  for (const metadata of functions) {
    const { binding } = triggerOf(metadata);
    try {
      if (binding.type === 'timerTrigger') timers.set(metadata.name.toLowerCase(), timerOf(metadata, binding));
      else if (binding.type === 'queueTrigger') queues.push(queueListenerOf(metadata, binding));
      else if (binding.type !== 'httpTrigger') throw new Error(`${binding.type} is not supported by this host.`);
    } catch (error) {
      log('Host', 'error', `The function Functions.${metadata.name} is in error: ${messageOf(error)}`);
    }
  }

  function timerOf(metadata: FunctionMetadata, binding: Binding): Timer {
    return startTimer({
      metadata,
      isDisabled: env[`AzureWebJobs.${metadata.name}.Disabled`] === 'true',
      schedule: parseSchedule(resolveSettings(binding.schedule ?? '', env)),
      runOnStartup: binding.runOnStartup === true,
      useMonitor: binding.useMonitor !== false,
      hostId: settings.hostId,
      ...{ storage, invoker, log },
    });
  }

  function queueListenerOf(metadata: FunctionMetadata, binding: Binding) {
    return startQueueListener({
      metadata,
      connection: binding.connection ?? '',
      queueName: resolveSettings(binding.queueName ?? '', env),
      settings: settings.queues,
      ...{ storage, invoker, log },
    });
  }

  return {
    runTimer: (name) => timers.get(name.toLowerCase())?.runNow(),
    async stop() {
      await Promise.all([...timers.values(), ...queues].map((listener) => listener.stop()));
    },
  };
}
