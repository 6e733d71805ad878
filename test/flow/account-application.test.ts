import { beforeAll, expect, it } from 'vitest';
import { laptopTenant } from '../../dev/laptop-tenant.ts';
import { mailOf } from '../support/mail-of.ts';
import { addConfirmed, fetchNow, listReceived, mail } from '../support/receiving.ts';
import { startSendingFlow, type SendingFlow } from '../support/sending-flow.ts';

interface Connection {
  readonly account: { readonly id: string; readonly state: string };
  readonly roles: string[];
  readonly sending: { readonly works: boolean; readonly detail?: string };
  readonly receiving: { readonly works: boolean; readonly detail?: string };
  readonly approvalUrls: string[];
  readonly commands: string[];
}
interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
}

const mailbox = 'support@contoso.example';
const { clientId, tenantId } = laptopTenant;
let flow: SendingFlow;
let account: string;

beforeAll(async () => {
  flow = await startSendingFlow();
  const added = await flow.api.call('POST', '/v1/accounts', {
    address: mailbox,
    kind: 'shared',
    access: 'application',
  });
  expect(added).toMatchObject({ access: 'application', tenantId, state: 'not-connected' });
  account = String(added['id']);
});

const connect = () => flow.api.ask('POST', `/v1/accounts/${account}/connect`);

/** Runs what Postern printed, as an administrator pastes it into Exchange Online PowerShell. */
function runInExchange(lines: string[]): void {
  const { exchange } = flow.microsoft365;
  const objectId = /-ObjectId (\S+)/.exec(lines.join('\n'))?.[1] ?? '';
  for (const line of lines) {
    const identity = /-Identity '([^']+)'/.exec(line)?.[1] ?? '';
    if (line.startsWith('New-ServicePrincipal')) exchange.newServicePrincipal(objectId);
    if (line.startsWith('Add-MailboxPermission')) exchange.addMailboxPermission(identity, objectId);
    if (line.startsWith('New-ManagementRoleAssignment')) exchange.assignSendAsApp(mailbox, objectId);
  }
}

/** Opens the approval page as an administrator and accepts. */
async function approve(url: string): Promise<Response> {
  const page = await fetch(url);
  const html = await page.text();
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '';
  const flowId = /name="flow" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const body = new URLSearchParams({ flow: flowId, answer: 'accept' });
  return fetch(new URL(action, page.url), { method: 'POST', body });
}

it('is refused with what an administrator has to do, and connects when that is done', async () => {
  const refused = await connect();
  expect(refused).toMatchObject({ status: 409, body: { code: 'application-not-allowed' } });
  const { remedy, detail } = refused.body as unknown as Refusal;
  expect(detail).toContain('names no permission');
  expect(remedy).toMatch(new RegExp(`New-ServicePrincipal -AppId ${clientId} -ObjectId [0-9a-f-]{36} `));
  expect(remedy).toContain(`Add-MailboxPermission -Identity '${mailbox}' -User `);
  expect(remedy).toContain("New-ManagementRoleAssignment -Role 'Application SMTP.SendAsApp'");
  expect(await flow.api.call('GET', `/v1/accounts/${account}`)).toMatchObject({ state: 'not-connected' });

  const lines = remedy.split('\n');
  const roleAlone = lines.filter((line) => /^New-(ServicePrincipal|ManagementRoleAssignment)/.test(line));
  runInExchange(roleAlone);
  const half = await connect();
  expect(half.status).toBe(200);
  const sendingOnly = half.body as unknown as Connection;
  expect(sendingOnly).toMatchObject({ roles: [], sending: { works: true }, receiving: { works: false } });
  expect(sendingOnly.account).toMatchObject({ id: account, state: 'connected' });

  const approvals = lines.filter((line) => line.startsWith('http'));
  expect(approvals.map((url) => new URL(url).searchParams.get('scope'))).toEqual([
    'https://ps.outlook.com/.default',
    'https://outlook.office365.com/.default',
  ]);
  expect((await approve(approvals[0] ?? '')).status).toBe(200);
  runInExchange(lines);
  const whole = (await connect()).body as unknown as Connection;
  expect(whole).toMatchObject({
    roles: ['IMAP.AccessAsApp', 'SMTP.SendAsApp'],
    sending: { works: true },
    receiving: { works: true },
  });
  expect(lines).toEqual(expect.arrayContaining([...whole.approvalUrls, ...whole.commands]));
});

it('sends and fetches as the mailbox, and nobody has signed in', async () => {
  const server = await flow.addServer({ name: 'Support', account });
  const { id, messageId } = await flow.accept({ from: mailbox, outgoingServer: server.id });
  await flow.reaches(id, 'sent');
  await flow.received('grace@contoso.example', messageId);
  expect((await mailOf(flow.microsoft365, mailbox, 'Sent Items')).map((sent) => sent.messageId)).toContain(messageId);

  const incoming = await addConfirmed(flow, { account, every: 1440 });
  await flow.microsoft365.deliver(mailbox, mail('to the application'));
  await fetchNow(flow, incoming);
  expect((await listReceived(flow, incoming)).map(({ subject }) => subject)).toEqual(['to the application']);
});

it('stops where the organisation takes its approval back, and recovers by connecting', async () => {
  const server = await flow.addServer({ name: 'Disabled', account });
  flow.microsoft365.faults.token.push({ aadsts: 90099, times: 3 });
  flow.microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 Authentication unsuccessful', times: 1 });
  const { id } = await flow.accept({ from: mailbox, outgoingServer: server.id });
  expect((await flow.reaches(id, 'deferred')).cause).toMatchObject({ code: 'sign-in-blocked', actor: 'tenant admin' });
  expect(await flow.api.call('GET', `/v1/accounts/${account}`)).toMatchObject({ state: 'reauth-required' });
  const still = await connect();
  expect(still.body).toMatchObject({ code: 'sign-in-blocked' });
  expect((still.body as unknown as Refusal).remedy).toContain('/v2.0/adminconsent?');
  flow.microsoft365.faults.token.length = 0;
  expect((await connect()).status).toBe(200);
  await flow.reaches(id, 'sent');
});

it('needs a tenant of its own', async () => {
  const add = (more: object) => flow.api.ask('POST', '/v1/accounts', { address: 'x@contoso.example', ...more });
  expect(await add({ access: 'application', delegate: 'ada@contoso.example' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/delegate' }] },
  });
  expect(await add({ tenantId })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/tenantId' }] } });
  const { clientSecret } = laptopTenant;
  await flow.api.call('PUT', '/v1/app', { clientId, tenant: 'common', clientSecret });
  expect(await add({ access: 'application' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/tenantId' }] },
  });
  expect(await add({ access: 'application', tenantId: 'common' })).toMatchObject({ status: 422 });
  expect(await add({ access: 'application', tenantId })).toMatchObject({ status: 201, body: { tenantId } });
  expect((await connect()).status).toBe(200);
});
