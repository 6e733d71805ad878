import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createApiClient, type ApiClient } from '../../dev/api-client.ts';
import { startFlow, type Flow } from '../support/flow.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';

interface Page {
  readonly data: { id: string; subject: string; incomingServer: string }[];
  readonly nextCursor: string | null;
}

const adas = 'ada@contoso.example';
const graces = 'grace@contoso.example';
const binary = randomBytes(5000);
const html = '<script>alert(1)</script>\r\n';
const quoted = 'Grüße\r\n\r\nend of line \r\n=3D stays\r\n';
const plain = 'name;value\r\nA;1\r\n\r\n';
const inner = 'Subject: inner\r\nFrom: x@example.com\r\n\r\nbody\r\n';

/** Attachments in all encodings and under names that mean harm, with the bytes that each has. */
const attachments: readonly { head: string[]; body: string; bytes: Buffer; name: string; type: string }[] = [
  {
    head: ['Content-Type: application/pdf; name="a.pdf"', 'Content-Transfer-Encoding: base64'],
    body: binary.toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
    bytes: binary,
    name: 'a.pdf',
    type: 'application/pdf',
  },
  {
    head: ['Content-Type: text/html', 'Content-Disposition: attachment; filename="x.html"'],
    body: html,
    bytes: Buffer.from(html),
    name: 'x.html',
    type: 'text/html',
  },
  {
    head: [
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      `Content-Disposition: attachment; filename="../../etc/pass\\"wd; x=.txt"`,
    ],
    body: 'Gr=C3=BC=C3=9Fe\r\n\r\nend of=\r\n line=20\r\n=3D3D stays\r\n',
    bytes: Buffer.from(quoted),
    name: '.._.._etc_pass"wd; x=.txt',
    type: 'text/plain',
  },
  {
    head: [
      'Content-Type: text/csv',
      'Content-Transfer-Encoding: 7bit',
      "Content-Disposition: attachment; filename*=UTF-8''%E2%82%AC%20rates.csv",
    ],
    body: plain,
    bytes: Buffer.from(plain),
    name: '€ rates.csv',
    type: 'text/csv',
  },
  {
    head: ['Content-Type: message/rfc822'],
    body: inner,
    bytes: Buffer.from(inner),
    name: 'message.eml',
    type: 'message/rfc822',
  },
  {
    head: ['Content-Type: "strange"', `Content-Disposition: attachment; filename="${'long '.repeat(200)}.pdf"`],
    body: 'x',
    bytes: Buffer.from('x'),
    name: `${'long '.repeat(51).slice(0, 251).trim()}.pdf`,
    type: 'application/octet-stream',
  },
];
const raw = [
  'From: grace@contoso.example',
  'Subject: attachments',
  'Content-Type: multipart/mixed; boundary="=_x"',
  '',
  '--=_x',
  '',
  'See attachments.',
  ...attachments.flatMap(({ head, body }) => ['--=_x', ...head, '', body]),
  '--=_x--',
  '',
].join('\r\n');

let flow: Flow;
let ofAda: string;
let ofGrace: string;
let limited: ApiClient;
let withAttachments: string;

beforeAll(async () => {
  flow = await startFlow();
  ofAda = await addConfirmed(flow, { account: (await flow.connect(adas)).id, every: 1440 });
  ofGrace = await addConfirmed(flow, { account: (await flow.connect(graces)).id, every: 1440 });
  for (let count = 0; count < 7; count++) await flow.microsoft365.deliver(adas, mail(`to Ada ${count}`));
  for (let count = 0; count < 4; count++) await flow.microsoft365.deliver(graces, mail(`to Grace ${count}`));
  await flow.microsoft365.deliver(graces, raw);
  await fetchNow(flow, ofAda);
  await fetchNow(flow, ofGrace);
  withAttachments = (await listReceived(flow, ofGrace))[0]?.id ?? '';
  const { key } = await flow.api.call<{ key: string }>('POST', '/v1/api-keys', {
    name: 'Only Ada',
    scopes: ['received.read'],
    incomingServers: [ofAda],
  });
  limited = createApiClient(flow.url, key);
});

const list = (query: string, api = flow.api) => api.call<Page>('GET', `/v1/received?${query}`);
const download = (path: string) => fetch(flow.url + path, { headers: { authorization: `Bearer ${flow.adminKey}` } });

it('lists what all servers received, newest first, page by page', async () => {
  const all = (await list('limit=200')).data.map(({ id }) => id);
  expect(all).toHaveLength(12);
  const paged: string[] = [];
  for (let cursor = ''; ;) {
    const page = await list(`limit=5${cursor}`);
    paged.push(...page.data.map(({ id }) => id));
    if (page.nextCursor === null) break;
    expect(page.data).toHaveLength(5);
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(paged).toEqual(all);
  const ofOne = await list(`incomingServer=${ofAda}`);
  expect(ofOne.data.map(({ subject }) => subject)).toEqual([6, 5, 4, 3, 2, 1, 0].map((count) => `to Ada ${count}`));
});

it('filters by status and time, and refuses what it does not know', async () => {
  expect((await list('status=received')).data).toHaveLength(12);
  expect((await list('status=parked')).data).toEqual([]);
  expect((await list('since=2000-01-01T00:00:00Z')).data).toHaveLength(12);
  expect((await list(`since=${new Date(Date.now() + 60_000).toISOString()}`)).data).toEqual([]);
  for (const query of [
    'status=lost',
    'since=yesterday',
    'limit=0',
    'limit=201',
    'cursor=x',
    'sort=up',
    'incomingServer=x',
  ]) {
    const answer = await flow.api.ask<{ errors: { pointer: string }[] }>('GET', `/v1/received?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: `?${query.split('=')[0] ?? ''}` }] } });
  }
});

it('shows a limited key its own servers and nothing of the others', async () => {
  const own = await list('', limited);
  expect(new Set(own.data.map(({ incomingServer }) => incomingServer))).toEqual(new Set([ofAda]));
  expect((await list(`incomingServer=${ofGrace}`, limited)).data).toEqual([]);
  for (const path of ['', '/raw', '/attachments/0']) {
    expect((await limited.ask('GET', `/v1/received/${withAttachments}${path}`)).status).toBe(404);
  }
  expect((await limited.ask('GET', `/v1/received/${String(own.data[0]?.id)}/raw`)).status).toBe(200);
  expect((await limited.ask('GET', '/v1/incoming-servers')).status).toBe(403);
});

it('lists the attachments of a mail, and gives each byte for byte as a download', async () => {
  const shown = await flow.api.call<{ text: string; attachments: object[] }>('GET', `/v1/received/${withAttachments}`);
  expect(shown.text).toBe('See attachments.');
  expect(shown.attachments).toHaveLength(attachments.length);
  for (const [index, { bytes, name, type }] of attachments.entries()) {
    expect(shown.attachments[index]).toMatchObject({ filename: name, size: bytes.length });
    const response = await download(`/v1/received/${withAttachments}/attachments/${index}`);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    const disposition = response.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\w.-]*"; filename\*=UTF-8''[\w%!.~-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(name);
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toBe(bytes.toString('latin1'));
  }
});

it('gives the exact bytes of the whole mail as a download', async () => {
  const response = await download(`/v1/received/${withAttachments}/raw`);
  expect(response.headers.get('content-disposition')).toContain(`${withAttachments}.eml`);
  expect(await response.text()).toBe(raw);
});

it('answers 404 for what is not there', async () => {
  const unknown = `rcv_${'0'.repeat(30)}`;
  for (const path of [unknown, `${unknown}/raw`, 'x', `${withAttachments}/attachments/${attachments.length}`]) {
    expect(await flow.api.ask('GET', `/v1/received/${path}`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  }
  for (const index of ['-1', 'x', '1.5', '99999']) {
    expect((await flow.api.ask('GET', `/v1/received/${withAttachments}/attachments/${index}`)).status).toBe(422);
  }
});
