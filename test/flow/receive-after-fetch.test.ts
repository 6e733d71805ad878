import { beforeAll, expect, it } from 'vitest';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail, serverOf, untilQuiet } from '../support/receiving.ts';

interface Problem {
  readonly errors?: { readonly pointer: string }[];
}

const address = 'ada@contoso.example';
let flow: Flow;
let account: string;

beforeAll(async () => {
  flow = await startFlow();
  account = (await flow.connect(address)).id;
});

const folder = (path: string) => {
  const found = flow.microsoft365
    .mailbox(address)
    .folders()
    .find((each) => each.path === path);
  return found?.messages.map(({ raw, flags }) => ({
    subject: /^Subject: (.*)\r$/m.exec(raw.toString())?.[1],
    isSeen: flags.includes('\\Seen'),
  }));
};

it('marks mail as seen after it was received, and leaves it alone unless told', async () => {
  const silent = await addConfirmed(flow, { account, every: 1440 });
  expect(await serverOf(flow, silent)).toMatchObject({ afterFetch: 'none' });
  await flow.microsoft365.deliver(address, mail('left alone'));
  await fetchNow(flow, silent);
  expect(folder('INBOX')).toEqual([{ subject: 'left alone', isSeen: false }]);
  const id = await addConfirmed(flow, { account, every: 1440, afterFetch: 'seen' });
  await untilQuiet(flow, 'fetch');
  await flow.microsoft365.deliver(address, mail('marked'));
  flow.microsoft365.faults.imap.push({ at: 'store', reply: 'NO Not now.' });
  expect((await fetchNow(flow, id)).lastError).toMatchObject({ code: 'mail-server-busy' });
  expect((await listReceived(flow, id)).map(({ subject }) => subject)).toEqual(['marked']);
  expect((await fetchNow(flow, id)).lastError).toBeUndefined();
  expect(folder('INBOX')).toEqual([
    { subject: 'left alone', isSeen: false },
    { subject: 'marked', isSeen: true },
  ]);
});

it('moves mail after it was received, also when the connection breaks over it', async () => {
  const id = await addConfirmed(flow, { account, every: 1440, afterFetch: { move: 'Archive' } });
  await flow.microsoft365.deliver(address, mail('moved'));
  flow.microsoft365.faults.imap.push({ at: 'move', drop: true });
  await fetchNow(flow, id);
  expect((await listReceived(flow, id)).map(({ subject }) => subject)).toEqual(['moved']);
  await fetchNow(flow, id);
  expect(folder('Archive')).toEqual([{ subject: 'moved', isSeen: false }]);
  expect(folder('INBOX')?.map(({ subject }) => subject)).not.toContain('moved');
  expect(await listReceived(flow, id)).toHaveLength(1);
});

it('asks for a folder that is there, and is not one of those that are read', async () => {
  const wanted = { name: 'Nowhere', account, afterFetch: { move: 'Nowhere' } };
  const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', wanted);
  expect(await flow.api.ask<Problem>('POST', `/v1/incoming-servers/${id}/confirm`)).toMatchObject({
    status: 409,
    body: { code: 'folder-not-found', errors: [{ pointer: '/afterFetch/move' }] },
  });
  for (const afterFetch of [{ move: 'inbox' }, 'delete', { move: '' }, { move: 'Archive', seen: true }]) {
    const answer = await flow.api.ask<Problem>('PATCH', `/v1/incoming-servers/${id}`, { afterFetch });
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.[0]?.pointer).toMatch(/^\/afterFetch/);
  }
  const patched = await flow.api.ask('PATCH', `/v1/incoming-servers/${id}`, { afterFetch: { move: 'Archive' } });
  expect(patched).toMatchObject({ status: 200, body: { afterFetch: { move: 'Archive' } } });
});
