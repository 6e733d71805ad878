import { Readable } from 'node:stream';

/** A message on its way into a connection. */
export interface OutgoingContent {
  readonly stream: Readable;
  /** Nothing of it has been asked for yet. */
  readonly untouched: boolean;
  /** All of it has been given away: from now on the end of the message may be on the wire. */
  readonly complete: boolean;
  /** Why it could not be read to its end; not the connection's fault. */
  readonly failure: { readonly cause: unknown } | undefined;
  /** Lets go of the source. */
  release(): void;
}

const chunk = 64 * 1024;

/**
 * Reads a message piece by piece, as fast as the connection takes it, and knows how far that went. A source that ends
 * before or after `size` octets is a failure: half a message must not be sent as a whole one.
 * @param onProgress called for every piece and at the end
 */
export function createOutgoingContent(
  content: Uint8Array | Readable,
  size: number,
  onProgress: (complete: boolean) => void,
): OutgoingContent {
  const state = { untouched: true, complete: false, failure: undefined as { cause: unknown } | undefined };
  // It may fail before it is read; then reading it throws the same. A failure nobody listens to would end the process.
  if (content instanceof Readable) content.on('error', () => undefined);

  async function* read() {
    state.untouched = false;
    let given = 0;
    try {
      for await (const piece of content instanceof Readable
        ? (content as AsyncIterable<Uint8Array>)
        : pieces(content)) {
        given += piece.length;
        onProgress(false);
        yield piece;
      }
      if (given !== size) throw new Error(`The content has ${given} octets instead of ${size}`);
    } catch (cause) {
      state.failure = { cause };
      // nodemailer writes a code of its own into the error it is given: not into ours.
      throw new Error('The content could not be read', { cause });
    }
    state.complete = true;
    onProgress(true);
  }

  return {
    stream: Readable.from(read(), { objectMode: false, highWaterMark: chunk }),
    get untouched() {
      return state.untouched;
    },
    get complete() {
      return state.complete;
    },
    get failure() {
      return state.failure;
    },
    release() {
      if (content instanceof Readable) content.destroy();
    },
  };
}

function* pieces(content: Uint8Array) {
  for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk);
}
