import { expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import type { OutgoingServer } from '../../functions/servers/outgoing-server.ts';
import { sendingMailbox } from '../../functions/servers/sending-limits.ts';

const server: OutgoingServer = {
  ...{ id: 'out_1', name: 'Shop', active: true, priority: 10, fromFilter: [], createdAt: '2026-11-23T10:00:00Z' },
  ...{ host: 'smtp.shop.example', port: 587, encryption: 'starttls' },
};
const account = (address: string, delegate?: string): Account => ({
  ...{ id: 'acc_1', address, kind: delegate === undefined ? 'user' : 'shared', ...(delegate && { delegate }) },
  ...{ state: 'connected', createdAt: '2026-11-23T10:00:00Z' },
});
const withPassword = (more: Partial<OutgoingServer>) =>
  sendingMailbox({ ...server, username: 'shop', ...more }, undefined);

it('with a password it is the username at its host, whatever else differs', () => {
  const mailbox = withPassword({});
  expect(withPassword({ id: 'out_2', host: 'SMTP.shop.example', port: 465, encryption: 'tls' })).toBe(mailbox);
  expect(withPassword({ username: 'office' })).not.toBe(mailbox);
  expect(withPassword({ host: 'smtp.other.example' })).not.toBe(mailbox);
});

it('with an account it is whoever signs in, at whichever host', () => {
  const withAccount = { ...server, account: 'acc_1' };
  const mailbox = sendingMailbox(withAccount, account('ada@contoso.example'));
  expect(
    sendingMailbox({ ...withAccount, host: 'x.example' }, account('support@contoso.example', 'ADA@contoso.example')),
  ).toBe(mailbox);
  expect(sendingMailbox(withAccount, account('grace@contoso.example'))).not.toBe(mailbox);
});
