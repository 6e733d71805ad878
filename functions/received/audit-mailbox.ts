import { logIn } from '../servers/log-in.ts';
import { placeOf, type IncomingServer } from '../servers/incoming-server.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import { causeOf, toGatewayError } from '../shared/errors.ts';
import { uidListOf, type FolderAudit } from './audit.ts';
import { compareFolder, type Comparison } from './compare-folder.ts';
import type { FetchPorts } from './fetch-ports.ts';
import { cursorFor } from './folder-cursor.ts';
import type { Forgotten } from './forget-received.ts';
import { readRows, type FolderRows, type Ledger } from './ledger.ts';
import type { MailboxSession } from './mailbox-reader.ts';
import { openPatiently } from './patience.ts';
import { rawNamesOf } from './received-message.ts';

export interface AuditPorts extends FetchPorts {
  readonly ledger: Ledger;
  readonly forgotten: States<Forgotten>;
}

const day = 24 * 3_600_000;
/** A sweep that runs meanwhile forgets a little more than before. */
const sweepMargin = 3_600_000;
const nothingThere: FolderRows = { arrivals: new Map(), twice: new Set(), parked: new Set() };

/**
 * Compares a mailbox with the ledger, folder by folder, and changes nothing. It may be read meanwhile: what its reader
 * has not passed is waiting, not missing.
 * @throws GatewayError what `logIn`, the session and our storage throw
 */
export async function auditMailbox(call: Call, server: IncomingServer, ports: AuditPorts): Promise<Comparison[]> {
  const place = placeOf(server);
  const state = await ports.incomingStates.get(server.id);
  const cursors = [...(state?.place === place ? state.cursors : []), ...(server.starts ?? [])];
  const cursorOf = (folder: string) => cursors.find((cursor) => cursor.folder === folder);
  const beginningOf = (folder: string, uidValidity: number): string =>
    rawNamesOf({ incomingServer: server.id, place, folder, uidValidity });
  const beginnings = server.folders.map((folder) => beginningOf(folder, cursorOf(folder)?.uidValidity ?? 0));
  const rows = await readRows(server.id, beginnings, ports.ledger);
  const forgotten = await forgottenBefore(call, server, ports);

  async function compare(folder: string, session: MailboxSession): Promise<Comparison> {
    const opened = await session.open(folder);
    // As its reader will begin: where the UIDs have started anew all are waiting.
    const cursor = cursorFor(folder, opened, cursorOf(folder), call.now(), server.since);
    const kept = rows.get(beginningOf(folder, cursor.uidValidity)) ?? nothingThere;
    return compareFolder(cursor, kept, opened.uidNext, session, forgotten);
  }

  const session = await logIn(call, server, ports, openPatiently(ports.openMailbox));
  try {
    const comparisons: Comparison[] = [];
    for (const folder of server.folders) {
      comparisons.push(
        await compare(folder, session).catch((thrown: unknown) => {
          const error = toGatewayError(thrown);
          if (error.code !== 'folder-not-found') throw error;
          return { audit: { ...emptyAudit(folder), cause: causeOf(error, call.now()) }, missing: [] };
        }),
      );
    }
    return comparisons;
  } finally {
    await session.close();
  }
}

/** Up to when received mail may have been forgotten, ISO 8601; empty: nothing was. */
async function forgottenBefore(call: Call, server: IncomingServer, { forgotten }: AuditPorts): Promise<string> {
  const { before = '' } = (await forgotten.get(server.id)) ?? {};
  if (typeof server.keepRawDays !== 'number') return before;
  const now = new Date(call.now().getTime() - server.keepRawDays * day + sweepMargin).toISOString();
  return before > now ? before : now;
}

function emptyAudit(folder: string): FolderAudit {
  const none = uidListOf([]);
  return {
    folder,
    inMailbox: 0,
    inLedger: 0,
    known: 0,
    missing: none,
    waiting: none,
    gone: none,
    extra: none,
    parked: none,
  };
}
