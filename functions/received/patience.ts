import { Readable } from 'node:stream';
import type { MailboxSession, OpenMailbox } from './mailbox-reader.ts';

/** How long one answer of a mail server may take: a login, a list, a mail, or what a stream brings at a time. */
const patience = 60_000;

/**
 * Opens mailboxes whose every answer is waited for so long only, also where a server sends an octet now and then. Then the
 * connection ends, and with it what was asked.
 */
export function openPatiently(open: OpenMailbox): OpenMailbox {
  return async (login, call) => {
    const over = new AbortController();
    const wait = (): NodeJS.Timeout =>
      setTimeout(() => {
        over.abort(Object.assign(new Error('The mail server does not answer.'), { code: 'ANSWER_TIMEOUT' }));
      }, patience);

    async function within<T>(work: () => Promise<T>): Promise<T> {
      const timer = wait();
      try {
        return await work();
      } finally {
        clearTimeout(timer);
      }
    }

    async function* eachWithin(source: Readable) {
      const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
      try {
        for (;;) {
          const next = await within(() => chunks.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        source.destroy();
      }
    }

    const session = await within(() => open(login, { ...call, signal: AbortSignal.any([call.signal, over.signal]) }));
    return {
      open: (folder) => within(() => session.open(folder)),
      after: (uid, limit) => within(() => session.after(uid, limit)),
      firstSince: (time) => within(() => session.firstSince(time)),
      async read(uids, take) {
        let timer = wait();
        const taking: Parameters<MailboxSession['read']>[1] = async (uid, raw) => {
          // How long we take to keep a mail is not the server's fault.
          clearTimeout(timer);
          await take(uid, raw);
          timer = wait();
        };
        await session.read(uids, taking).finally(() => {
          clearTimeout(timer);
        });
      },
      async stream(uid) {
        return Readable.from(eachWithin(await within(() => session.stream(uid))), { objectMode: false });
      },
      markSeen: (where, uids) => within(() => session.markSeen(where, uids)),
      move: (where, uids, target) => within(() => session.move(where, uids, target)),
      uids: (first, last, since) => within(() => session.uids(first, last, since)),
      infos: (uids) => within(() => session.infos(uids)),
      findSent: (messageId) => within(() => session.findSent(messageId)),
      folders: (limit) => within(() => session.folders(limit)),
      close: () => session.close(),
    };
  };
}
