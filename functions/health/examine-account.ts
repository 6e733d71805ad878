import type { Account } from '../accounts/account.ts';
import { requireAccount, userOf } from '../servers/log-in.ts';
import { wakeServers } from '../servers/wake-servers.ts';
import type { Call } from '../shared/call.ts';
import type { States } from '../shared/collection.ts';
import { examineMailbox, type ExaminePorts } from './examine-mailbox.ts';
import type { TellLeg } from './legs.ts';
import type { Report } from './report.ts';

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

type WakePorts = Parameters<typeof wakeServers>[1];

interface Ports extends ExaminePorts, WakePorts {
  readonly tests: States<Report>;
  readonly smtpServer: HostAndPort;
  readonly imapServer: HostAndPort;
}

/**
 * Examines an account's own mailbox at Microsoft's servers, both ways, and keeps the report. Where it works, the servers
 * of the account are set to work at once.
 * @throws GatewayError `account-not-connected` when the account is gone, `storage-unavailable`, `internal-error`
 */
export async function examineAccount(
  call: Call,
  { id }: Pick<Account, 'id'>,
  ports: Ports,
  tell?: TellLeg,
): Promise<Report> {
  const account = await requireAccount(id, ports.accounts);
  const { address } = account.value;
  const targets = {
    imap: { server: { ...ports.imapServer, encryption: 'tls' }, mailbox: address, folders: ['INBOX'] },
    smtp: {
      server: { ...ports.smtpServer, encryption: 'starttls' },
      user: userOf(account.value),
      senders: [address],
    },
  } as const;
  const { report } = await examineMailbox(call, { account }, targets, ports, tell);
  await ports.tests.put(id, report);
  if (report.ok) await wakeServers(id, ports);
  return report;
}
