import { beforeAll, describe, expect, it } from 'vitest';
import { signInRedirect } from '../../dev/walk-sign-in.ts';
import { addConfirmed, fetchNow, mail } from '../support/receiving.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

const ada = 'ada@contoso.example';
let flow: SendingFlow;
let account: string;
let outgoing: string;
let incoming: string;

beforeAll(async () => {
  flow = await startSendingFlow();
  account = (await flow.connect(ada)).id;
  outgoing = (await flow.addServer({ name: 'Ada', account, fromFilter: [ada] })).id;
  incoming = await addConfirmed(flow, { account });
});

interface List {
  readonly data: { readonly id: string; readonly subject: string }[];
  readonly nextCursor: string | null;
}

describe('the folders of an incoming server', () => {
  it('are read from the mailbox, with what they are for', async () => {
    const { data } = await flow.api.call<{ data: unknown[] }>('GET', `/v1/incoming-servers/${incoming}/folders`);
    expect(data[0]).toEqual({ name: 'INBOX', use: 'inbox' });
    expect(data).toContainEqual({ name: 'Sent Items', use: 'sent' });
    expect(data).toContainEqual({ name: 'Archive', use: 'archive' });
  });

  it('are not read where nobody can sign in, and the problem says why', async () => {
    const other = await flow.api.call<{ id: string }>('POST', '/v1/accounts', { address: 'grace@contoso.example' });
    const { id } = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', {
      name: 'Grace',
      account: other.id,
    });
    const answer = await flow.api.ask('GET', `/v1/incoming-servers/${id}/folders`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'account-not-connected' } });
  });
});

describe('a test that is told while it goes on', () => {
  interface Line {
    readonly leg?: { readonly leg: string; readonly status: string };
    readonly report?: { readonly ok: boolean; readonly legs: unknown[] };
  }

  it.each([
    ['accounts', () => account, 7],
    ['outgoing-servers', () => outgoing, 6],
    ['incoming-servers', () => incoming, 5],
  ] as const)('tells each leg of one of the %s on a line, and the report on the last', async (kind, id, count) => {
    const response = await fetch(`${flow.url}/v1/${kind}/${id()}/test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${flow.adminKey}`, accept: 'application/x-ndjson' },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const { report } = lines.at(-1) ?? {};
    expect(report?.ok).toBe(true);
    const legs = new Map(lines.flatMap(({ leg }) => (leg === undefined ? [] : [[leg.leg, leg]])));
    expect(report?.legs).toHaveLength(count + (kind === 'accounts' ? 1 : 0));
    expect([...legs.values()]).toEqual(expect.arrayContaining(report?.legs ?? []));
    expect(await flow.api.call('GET', `/v1/${kind}/${id()}`)).toMatchObject(
      kind === 'accounts' ? {} : { lastTest: report },
    );
  });

  it('comes leg by leg, not at its end', async () => {
    await flow.microsoft365.failures.start('slow-server');
    const response = await fetch(`${flow.url}/v1/incoming-servers/${incoming}/test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${flow.adminKey}`, accept: 'application/x-ndjson' },
    });
    const reader = response.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(first).toContain('"leg":"credential"');
    expect(first).not.toContain('"report"');
    await flow.microsoft365.failures.stop('slow-server');
    await reader?.cancel();
  });
});

describe('searching', () => {
  it('finds messages by recipient, subject, From and id', async () => {
    const invoice = await flow.send({ subject: 'Invoice 4711', to: 'Grace@contoso.example' });
    const hello = await flow.send({ subject: 'Hello', to: 'margaret@contoso.example', bcc: 'ada@contoso.example' });
    const find = async (q: string, more = ''): Promise<string[]> => {
      const { data } = await flow.api.call<List>('GET', `/v1/messages?q=${encodeURIComponent(q)}${more}`);
      return data.map(({ id }) => id);
    };
    expect(await find('4711')).toEqual([invoice.id]);
    expect(await find('GRACE@')).toEqual([invoice.id]);
    expect(await find('margaret')).toEqual([hello.id]);
    expect(await find('ada@contoso.example')).toEqual([hello.id, invoice.id]);
    expect(await find(invoice.id)).toEqual([invoice.id]);
    expect(await find(invoice.id.slice(0, -4))).toEqual([invoice.id]);
    expect(await find('ada@', '&status=failed')).toEqual([]);
    expect(await find('nobody')).toEqual([]);
    expect(await flow.api.ask('GET', '/v1/messages?q=')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '?q' }] },
    });

    const first = await flow.api.call<List>('GET', '/v1/messages?q=ada&limit=1');
    const second = await flow.api.call<List>('GET', `/v1/messages?q=ada&limit=1&cursor=${first.nextCursor ?? ''}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual([hello.id, invoice.id]);
  });

  it('finds received mail, of the servers one may read', async () => {
    await flow.microsoft365.deliver(ada, mail('Quarterly figures'));
    await flow.microsoft365.deliver(ada, mail('Lunch'));
    await fetchNow(flow, incoming);
    const find = (key: string, q: string) =>
      fetch(`${flow.url}/v1/received?q=${q}`, { headers: { authorization: `Bearer ${key}` } }).then(
        (response) => response.json() as Promise<List>,
      );
    const { data } = await find(flow.adminKey, 'quarterly');
    expect(data.map(({ subject }) => subject)).toEqual(['Quarterly figures']);
    expect((await find(flow.adminKey, 'grace@')).data).toHaveLength(2);
    const other = await flow.api.call<{ id: string }>('POST', '/v1/incoming-servers', {
      name: 'Other',
      account,
      folders: ['Archive'],
    });
    const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', {
      name: 'Other',
      scopes: ['received.read'],
      incomingServers: [other.id],
    });
    expect((await find(key, 'quarterly')).data).toEqual([]);
    expect((await find(key, data[0]?.id ?? '')).data).toEqual([]);
  });
});

describe('statistics', () => {
  interface Statistics {
    readonly buckets: { from: string; sent: number; received: number; failed: number; bounced: number }[];
    readonly complete: boolean;
  }

  it('tell what was sent and received in each hour', async () => {
    const total = async (period: string) => {
      const { buckets, complete } = await flow.api.call<Statistics>('GET', `/v1/statistics?period=${period}`);
      expect(complete).toBe(true);
      expect(buckets).toHaveLength(period === 'day' ? 24 : 168);
      expect(buckets.at(-1)?.from).toMatch(/:00:00\.000Z$/);
      // Whatever the clock says, it was a moment ago.
      return buckets.slice(-2).reduce(
        (sum, { sent, failed, bounced }) => ({
          sent: sum.sent + sent,
          failed: sum.failed + failed,
          bounced: sum.bounced + bounced,
        }),
        { sent: 0, failed: 0, bounced: 0 },
      );
    };
    const before = await total('day');
    await flow.send({ subject: 'Counted' });
    flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '550 5.1.1 User unknown' });
    const { id } = await flow.accept();
    await flow.reaches(id, 'failed');
    expect(await total('day')).toEqual({ ...before, sent: before.sent + 1, failed: before.failed + 1 });
    expect(await total('week')).toEqual(await total('day'));
    expect((await flow.api.ask('GET', '/v1/statistics?period=year')).status).toBe(422);
  });
});

describe('status', () => {
  it('says when the next message goes out', async () => {
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    await flow.accept({ scheduledAt });
    const { outgoingServers } = await flow.api.call<{
      outgoingServers: { id: string; queued: number; nextSendAt?: string }[];
    }>('GET', '/v1/status');
    expect(outgoingServers.find(({ id }) => id === outgoing)).toMatchObject({ queued: 1, nextSendAt: scheduledAt });
  });
});

describe('setting up from the console', () => {
  it('is told both redirect URIs and the role', async () => {
    expect(await flow.api.call('GET', '/v1/app')).toMatchObject({
      redirectUri: `${flow.url}/microsoft_outlook/confirm`,
      consoleRedirectUri: `${flow.url}/console/signed-in`,
      consoleRole: 'Postern.Admin',
    });
  });

  it.each(['accounts', 'outgoing-servers', 'incoming-servers'])(
    'comes back to it after a sign-in of the %s',
    async (kind) => {
      const id = { accounts: account, 'outgoing-servers': outgoing, 'incoming-servers': incoming }[kind] ?? '';
      const connect = (returnTo: unknown) =>
        flow.api.ask<{ authorizeUrl: string }>('POST', `/v1/${kind}/${id}/connect`, { returnTo });
      const { body } = await connect(`/console/${kind}/${id}`);
      const page = await fetch(await signInRedirect(body.authorizeUrl, { as: ada }));
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html).toContain(`<a class="button" href="/console/${kind}/${id}">Back to the console</a>`);
      expect(html).not.toContain('you can close this page');
      for (const elsewhere of ['https://evil.example/', '//evil.example', '/v1/app', '/console/../v1', 7]) {
        expect(await connect(elsewhere)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/returnTo' }] } });
      }
    },
  );
});
