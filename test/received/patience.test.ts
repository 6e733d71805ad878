import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPatiently } from '../../functions/received/patience.ts';
import type { MailboxSession, OpenMailbox } from '../../functions/received/mailbox-reader.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { mailboxLogin } from '../mail/test-imap-server.ts';
import { mailCall } from '../mail/mail-call.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

/** A session that never answers, but for what is given; it ends with its signal, as every session does. */
function hanging(answers: Partial<MailboxSession>): OpenMailbox {
  return (_login, { signal }) => {
    const never = () =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new GatewayError('mail-server-unreachable', 'The connection ended.'));
        });
      });
    const nothing = { open: never, after: never, firstSince: never, uids: never, infos: never, findSent: never };
    const reading = { read: never, stream: never };
    return Promise.resolve({
      ...nothing,
      ...reading,
      markSeen: never,
      move: never,
      folders: never,
      close: () => Promise.resolve(),
      ...answers,
    });
  };
}

const open = (how: OpenMailbox) => openPatiently(how)(mailboxLogin(1), mailCall());

test.each<[string, (session: MailboxSession) => Promise<unknown>]>([
  ['opened', (session) => session.open('INBOX')],
  ['listed', (session) => session.after(0, 1)],
  ['searched', (session) => session.firstSince(new Date())],
  ['counted', (session) => session.uids(1, 2)],
  ['asked for arrivals', (session) => session.infos([1])],
  ['searched for what was sent', (session) => session.findSent('<a@b>')],
  ['read', (session) => session.read([1], () => Promise.resolve())],
  ['streamed', (session) => session.stream(1)],
  ['marked', (session) => session.markSeen({ folder: 'INBOX', uidValidity: 1 }, [1])],
])('a mailbox that hangs while it is %s is left after a minute', async (_what, ask) => {
  const asked = ask(await open(hanging({})));
  const ended = expect(asked).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  let isOver = false;
  void asked.catch(() => (isOver = true));
  await seconds(59);
  expect(isOver).toBe(false);
  await seconds(2);
  await ended;
});

test('a login that hangs is left as well', async () => {
  const never: OpenMailbox = async (login, call) => {
    const session = await hanging({})(login, call);
    await session.open('INBOX');
    return session;
  };
  const ended = expect(open(never)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  await seconds(61);
  await ended;
});

test('a server that answers in time may take as long as it needs', async () => {
  const later = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 50_000));
  };
  async function* chunks() {
    for (let count = 0; count < 3; count++) {
      await later();
      yield Buffer.from('x');
    }
  }
  const session = await open(
    hanging({
      async read(uids, take) {
        for (const uid of uids) {
          await later();
          await take(uid, Buffer.from('x'));
        }
      },
      stream: () => Promise.resolve(Readable.from(chunks(), { objectMode: false })),
    }),
  );
  const taken: number[] = [];
  // What we do with a mail is not on the server's time.
  const reading = session.read([1, 2, 3], async (uid) => {
    taken.push(uid);
    await later();
    await later();
  });
  await seconds(450);
  await reading;
  expect(taken).toEqual([1, 2, 3]);

  const streaming = session.stream(1).then(buffer);
  await seconds(151);
  expect((await streaming).toString()).toBe('xxx');
});

test('a stream that stops in the middle ends', async () => {
  async function* chunks(signal: AbortSignal) {
    yield Buffer.from('x');
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new GatewayError('mail-server-unreachable', 'The connection ended.'));
      });
    });
  }
  const session = await openPatiently(async (login, call) => {
    const stream = () => Promise.resolve(Readable.from(chunks(call.signal), { objectMode: false }));
    return { ...(await hanging({})(login, call)), stream };
  })(mailboxLogin(1), mailCall());
  const stream = await session.stream(1);
  const ended = expect(buffer(stream)).rejects.toMatchObject({ code: 'mail-server-unreachable' });
  await seconds(61);
  await ended;
});
