import { noteBounce, type BouncePorts } from '../messages/note-bounce.ts';
import type { Call } from '../shared/call.ts';
import type { RawMail } from '../shared/raw-mail.ts';
import type { MimeParser } from './parse-mime.ts';
import type { Bounce, ReceivedMessage } from './received-message.ts';

export type ReadBouncePorts = BouncePorts & {
  readonly rawMail: RawMail;
  readonly mimeParser: MimeParser;
};

/** How much of a report is looked at: what became of the message stands before what is returned of it. */
const looked = 1024 * 1024;
/** A row has to fit into storage with all others of its batch. */
const recipientsKept = 20;

/** Notes a delivery report on the message it is about, and answers what it says; undefined when it is none. */
export async function readBounce(
  call: Call,
  row: ReceivedMessage,
  ports: ReadBouncePorts,
): Promise<Bounce | undefined> {
  if (!row.flags.bounce) return undefined;
  const report = await ports.mimeParser.parseReport(await beginningOf(row.blob, ports.rawMail));
  if (report === undefined) return undefined;
  const message = await noteBounce(call, row, report, ports);
  return { ...(message !== undefined && { message }), recipients: report.recipients.slice(0, recipientsKept) };
}

async function beginningOf(blob: string, rawMail: RawMail): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  const stream = await rawMail.get(blob);
  // Leaving the loop ends the stream.
  for await (const chunk of (stream ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    octets += chunk.byteLength;
    if (octets >= looked) break;
  }
  return Buffer.concat(chunks).subarray(0, looked);
}
