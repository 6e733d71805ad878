import { Readable } from 'node:stream';
import type { Call } from '../shared/call.ts';
import { randomKey } from '../shared/ids.ts';
import type { Leases } from '../shared/lease.ts';
import type { AcceptPorts } from './accept-message.ts';
import { isPlanned, type Accepted, type Planned, type PlannedItem } from './accepted.ts';
import { demandKey, idempotencyIdOf, inUse, once } from './idempotency.ts';
import { inlineLimit, keepMessage, type KeptContent } from './keep-messages.ts';
import type { MessageFacts } from './message-request.ts';
import { demandSize } from './message-size.ts';
import { blobOf } from './outgoing-blobs.ts';
import { createPlanner } from './plan-message.ts';
import { toPreview, type Preview, type PreviewPorts } from './preview-message.ts';

/** A message whose content comes as a stream, which is read once: by `write` or by `skip`. */
export interface UploadedMessage {
  readonly facts: MessageFacts;
  /** The message as it will be sent. */
  write(planned: Planned): AsyncIterable<Uint8Array>;
  /** Reads what there is for its fingerprint alone. */
  skip(): Promise<void>;
  /** Tells it from another message, once all of it was read. */
  fingerprint(): string;
}

export interface UploadPorts extends AcceptPorts {
  readonly leases: Leases;
}

export interface AcceptedUpload {
  readonly answer: Accepted;
  readonly replayed: boolean;
}

/**
 * Takes a message as it comes, without ever holding all of it. Its blob is whole before the message is kept; what a crash
 * leaves of it belongs to no message and is removed later. While a key's first request is still coming, under a lease, a
 * second one is told so; whether it is the same is only known at its end.
 * @throws GatewayError as `acceptMessage`, and `message-too-large`
 */
export async function acceptUpload(
  call: Call,
  upload: UploadedMessage,
  idempotencyKey: string | undefined,
  ports: UploadPorts,
): Promise<AcceptedUpload> {
  if (idempotencyKey === undefined) {
    const planned = await planOf(call, upload, ports);
    await keepMessage(call, upload.facts, planned, await keepContent(call, upload, planned, ports), ports);
    return { answer: planned.answer, replayed: false };
  }
  demandKey(idempotencyKey);
  const id = idempotencyIdOf(call.caller.id, idempotencyKey);
  const lease = await ports.leases.take(`key-${id}`);
  if (lease === undefined) throw inUse();
  try {
    return await acceptOnce(call, upload, id, ports);
  } finally {
    await lease.drop();
  }
}

async function acceptOnce(
  call: Call,
  upload: UploadedMessage,
  id: string,
  ports: UploadPorts,
): Promise<AcceptedUpload> {
  const isKept = async (planned: Planned): Promise<boolean> =>
    (await ports.messages.get(planned.answer.id)) !== undefined;

  async function remember(planned: Planned): Promise<{ planned: Planned; isDone: boolean }> {
    const key = { id, fingerprint: upload.fingerprint() };
    const plan = () => Promise.resolve([planned]);
    const known = await once(call, key, plan, ports.idempotency, (items) => isKept(onlyOf(items)));
    return { planned: onlyOf(known.planned), isDone: known.isDone };
  }

  // A repeat takes up what was planned before, so that it writes the same message.
  const earlier = (await ports.idempotency.get(id))?.value.planned.find(isPlanned);
  if (earlier !== undefined && (await isKept(earlier))) {
    await upload.skip();
    return { answer: (await remember(earlier)).planned.answer, replayed: true };
  }
  const planned = earlier ?? (await planOf(call, upload, ports));
  const kept = await keepContent(call, upload, planned, ports);
  const forget = async (): Promise<void> => {
    if ('blob' in kept.content) await ports.rawMail.remove(kept.content.blob);
  };
  const known = await remember(planned).catch(async (thrown: unknown) => {
    await forget();
    throw thrown;
  });
  const isOurs = known.planned.answer.id === planned.answer.id;
  if (!isOurs) await forget();
  if (!isOurs && !known.isDone) throw inUse();
  if (!known.isDone) await keepMessage(call, upload.facts, planned, kept, ports);
  return { answer: known.planned.answer, replayed: known.isDone };
}

/** A key that came with a batch before has another fingerprint, and gets no further than that. */
function onlyOf(items: readonly PlannedItem[]): Planned {
  const [only] = items.filter(isPlanned);
  if (only === undefined) throw new Error('Only what has a plan is remembered.');
  return only;
}

async function planOf(call: Call, { facts }: UploadedMessage, ports: UploadPorts): Promise<Planned> {
  const { answer, sender, maxSize } = await createPlanner(call, ports)(facts);
  return { answer, sender, maxSize };
}

/** Does with it all that accepting does, and keeps nothing. @throws GatewayError as `acceptUpload` */
export async function previewUpload(call: Call, upload: UploadedMessage, ports: PreviewPorts): Promise<Preview> {
  const plan = await createPlanner(call, ports)(upload.facts);
  let size = 0;
  for await (const { byteLength } of upload.write(plan)) size += byteLength;
  demandSize(size, plan);
  return toPreview(call, upload.facts, plan, size, ports);
}

/** Writes the message: into its blob, unless it is small. @throws GatewayError `message-too-large` */
async function keepContent(
  call: Call,
  upload: UploadedMessage,
  planned: Planned,
  { rawMail }: UploadPorts,
): Promise<KeptContent> {
  let size = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of upload.write(planned)) {
      size += chunk.byteLength;
      demandSize(size, planned, false);
      yield chunk;
    }
  }
  const chunks = measured();
  const start: Uint8Array[] = [];
  while (size <= inlineLimit) {
    const next = await chunks.next();
    if (next.done === true) return { content: { inline: Buffer.concat(start) }, size };
    start.push(next.value);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* start;
    yield* chunks;
  }
  // A name of its own: another request with the same key may be writing the same message.
  const blob = blobOf(planned.answer.id, randomKey());
  const content = Readable.from(all(), { objectMode: false });
  try {
    await rawMail.put(blob, content, call.signal);
  } finally {
    content.destroy();
  }
  return { content: { blob }, size };
}
