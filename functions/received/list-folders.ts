import type { IncomingServer } from '../servers/incoming-server.ts';
import { logIn, type LogInPorts } from '../servers/log-in.ts';
import type { Call } from '../shared/call.ts';
import type { MailFolder, OpenMailbox } from './mailbox-reader.ts';

/** Milliseconds: somebody sits before it. */
const patience = 30_000;
const listedAtMost = 1_000;

/**
 * The folders of the mailbox of an incoming server, as they are at this moment.
 * @throws GatewayError what a login throws, and `mail-server-unreachable` when it takes too long
 */
export async function listFolders(
  call: Call,
  server: IncomingServer,
  ports: LogInPorts & { readonly openMailbox: OpenMailbox },
): Promise<MailFolder[]> {
  const bounded = { ...call, signal: AbortSignal.any([call.signal, AbortSignal.timeout(patience)]) };
  const session = await logIn(bounded, server, ports, ports.openMailbox);
  try {
    return await session.folders(listedAtMost);
  } finally {
    await session.close();
  }
}
