import { describe, expect, it } from 'vitest';
import { anonymous } from '../../functions/access/caller.ts';
import type { Account } from '../../functions/accounts/account.ts';
import {
  makeConnectLink,
  openConnectLink,
  removeConnectLink,
  useUpConnectLink,
  type ConnectLink,
} from '../../functions/accounts/connect-link.ts';
import type { Call } from '../../functions/shared/call.ts';
import { toGatewayError } from '../../functions/shared/errors.ts';
import { createMemoryCollection } from './memory-collection.ts';

const started = new Date('2026-11-23T12:00:00Z');
const hour = 3_600_000;

function accountOf(key: string): Account {
  const address = `${key}@contoso.example`;
  return { id: `acc_${key}`, address, kind: 'user', state: 'not-connected', createdAt: started.toISOString() };
}

function createDesk() {
  const [ada, grace] = [accountOf('adaadaadaa'), accountOf('gracegrace')];
  const accounts = createMemoryCollection<Account>({ [ada.id]: ada, [grace.id]: grace });
  const connectLinks = createMemoryCollection<ConnectLink>();
  let now = started;
  const call: Call = {
    id: 'call',
    caller: anonymous,
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => now,
  };
  const ports = { accounts, connectLinks, publicUrl: 'https://postern.example' };
  return {
    ada,
    grace,
    ports,
    call,
    later: (hours: number) => void (now = new Date(started.getTime() + hours * hour)),
    make: async (account: Account, hours = 72) => makeConnectLink(call, account, hours, ports),
    open: async (url: string) => {
      const token = new URL(url).searchParams.get('token') ?? undefined;
      return openConnectLink(call, token, ports).catch((thrown: unknown) => toGatewayError(thrown).message);
    },
  };
}

describe('a connect link', () => {
  it('leads to its account until its time is over, as often as somebody looks', async () => {
    const { ada, make, open, later } = createDesk();
    const { url, expiresAt } = await make(ada, 2);
    expect(expiresAt).toBe('2026-11-23T14:00:00.000Z');
    expect(await open(url)).toEqual({ account: ada, expiresAt });
    later(1.99);
    expect(await open(url)).toEqual({ account: ada, expiresAt });
    later(2);
    expect(await open(url)).toBe('This link is too old.');
  });

  it('ends when a newer one is made, and when it was used; those of others do not', async () => {
    const { ada, grace, make, open, call, ports, later } = createDesk();
    const [older, hers] = [await make(ada), await make(grace)];
    const newer = await make(ada);
    expect(await open(older.url)).toContain('a newer one has taken its place');
    await useUpConnectLink(call, ada.id, ports.connectLinks);
    expect(await open(newer.url)).toMatchObject({ usedAt: started.toISOString() });
    later(1);
    await useUpConnectLink(call, ada.id, ports.connectLinks);
    expect(await open(newer.url)).toMatchObject({ usedAt: started.toISOString() });
    expect(await open(hers.url)).not.toHaveProperty('usedAt');
    expect(await open((await make(ada)).url)).not.toHaveProperty('usedAt');
  });

  it('goes with its account', async () => {
    const { ada, make, open, ports } = createDesk();
    const { url } = await make(ada);
    await removeConnectLink(ada.id, ports.connectLinks);
    expect(await open(url)).toContain('unknown');
    const again = await make(ada);
    await ports.accounts.remove(ada.id, (await ports.accounts.get(ada.id))?.etag ?? '');
    expect(await open(again.url)).toContain('unknown');
  });

  it('is kept as a hash, and nothing else opens it', async () => {
    const { ada, make, open, ports } = createDesk();
    const { url } = await make(ada);
    const token = new URL(url).searchParams.get('token') ?? '';
    const [kept] = await ports.connectLinks.list();
    expect(token).toMatch(/^adaadaadaa[\w-]{43}$/);
    expect(JSON.stringify(kept)).not.toContain(token.slice(10));
    const wrong = [
      '',
      token.slice(0, 10),
      `${token}A`,
      `gracegrace${token.slice(10)}`,
      `adaadaadaa${'A'.repeat(43)}`,
      kept?.value.hash ?? '',
    ];
    for (const guess of wrong) {
      expect(await open(`https://postern.example/connect?token=${guess}`), guess).toContain('unknown');
    }
  });
});
