import type { QueueClient } from '@azure/storage-queue';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueSettings } from './host-settings.ts';
import type { Invoker } from './invoker.ts';
import type { Log } from './log.ts';
import { messageOf } from './log.ts';
import { decodeMessage, messageMetadata, sendEncoded } from './queue-message.ts';
import type { ReceivedMessage } from './queue-message.ts';
import type { FunctionMetadata } from './rpc.ts';
import { hasStatus } from './storage.ts';
import type { Storage } from './storage.ts';

/** A queue function's listener. */
export interface QueueListener {
  /** Takes no more messages; those being worked on are waited for. */
  stop(): Promise<void>;
}

export interface QueueListenerOptions {
  metadata: FunctionMetadata;
  connection: string;
  queueName: string;
  settings: QueueSettings;
  storage: Storage;
  invoker: Invoker;
  log: Log;
}

const processingSeconds = 600;
const renewalInterval = 300_000;
const shortestPollingInterval = 100;

/**
 * Feeds a queue function: takes up to `batchSize` messages and the next ones as soon as no more than `newBatchThreshold`
 * are being worked on. A message whose function succeeds is deleted; one that fails is visible again after
 * `visibilityTimeout` and moves to `<queue>-poison` after `maxDequeueCount` failures. An empty queue is asked ever more seldom,
 * from every 100 ms to every `maxPollingInterval`.
 */
export function startQueueListener(options: QueueListenerOptions): QueueListener {
  const { metadata, connection, queueName, settings, storage, invoker, log } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const listening = listen();

  async function listen(): Promise<void> {
    let interval = shortestPollingInterval;
    let complained = false;
    while (!stopping.signal.aborted) {
      let received = 0;
      try {
        received = await takeBatch(await storage.queue(connection, queueName));
        complained = false;
      } catch (error) {
        if (!complained) {
          log(
            'Host',
            'error',
            `The listener for Functions.${metadata.name} cannot read ${queueName}: ${messageOf(error)}`,
          );
        }
        complained = true;
      }
      if (received > 0) interval = shortestPollingInterval;
      else await sleep(interval, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (received === 0) interval = Math.min(interval * 2, settings.maxPollingInterval);
    }
    await Promise.all(underWay);
  }

  /** The number of messages taken; resolves when there is room for more. */
  async function takeBatch(queue: QueueClient): Promise<number> {
    const messages = await receive(queue);
    for (const message of messages) {
      const work = process(queue, message)
        .catch((error: unknown) => {
          log('Host', 'error', `A message of ${queueName} (${message.messageId}) comes back: ${messageOf(error)}`);
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
    while (underWay.size > settings.newBatchThreshold) await Promise.race(underWay);
    return messages.length;
  }

  async function receive(queue: QueueClient): Promise<ReceivedMessage[]> {
    try {
      const answer = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: processingSeconds,
      });
      return answer.receivedMessageItems;
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      await queue.createIfNotExists();
      return [];
    }
  }

  async function process(queue: QueueClient, message: ReceivedMessage): Promise<void> {
    if (message.dequeueCount > settings.maxDequeueCount) return moveToPoison(queue, message, message.popReceipt);
    let text: string;
    try {
      text = decodeMessage(message.messageText, settings.messageEncoding);
    } catch (error) {
      log('Host', 'error', `A message of ${queueName} (${message.messageId}): ${messageOf(error)}`);
      return moveToPoison(queue, message, message.popReceipt);
    }
    const visibility = keepInvisible(queue, message);
    const succeeded = await invoker
      .run(metadata, { data: { string: text }, metadata: messageMetadata(message, text) })
      .then(
        () => true,
        () => false,
      );
    const popReceipt = await visibility.end();
    if (succeeded) await queue.deleteMessage(message.messageId, popReceipt);
    else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(queue, message, popReceipt);
    else await queue.updateMessage(message.messageId, popReceipt, undefined, settings.visibilityTimeout / 1000);
  }

  async function moveToPoison(queue: QueueClient, message: ReceivedMessage, popReceipt: string): Promise<void> {
    const poison = `${queueName}-poison`;
    log(
      'Host',
      'warning',
      `Message has reached MaxDequeueCount of ${settings.maxDequeueCount}. Moving message to queue '${poison}'.`,
    );
    await sendEncoded(await storage.queue(connection, poison), message.messageText);
    await queue.deleteMessage(message.messageId, popReceipt);
  }

  return {
    async stop() {
      stopping.abort();
      await listening;
    },
  };
}

/** Renews a message's invisibility; every renewal changes its pop receipt, and `end` says the last one. */
function keepInvisible(queue: QueueClient, message: ReceivedMessage): { end(): Promise<string> } {
  let popReceipt = message.popReceipt;
  let renewal = Promise.resolve();
  const renew = async () => {
    const answer = await queue.updateMessage(message.messageId, popReceipt, undefined, processingSeconds);
    popReceipt = answer.popReceipt ?? popReceipt;
  };
  const timer = setInterval(() => {
    // One that fails is made up for by the next; half of the time is left.
    renewal = renew().catch(() => undefined);
  }, renewalInterval);
  return {
    async end() {
      clearInterval(timer);
      await renewal;
      return popReceipt;
    },
  };
}
