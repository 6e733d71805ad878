import { sameAddress } from '../servers/from-filter.ts';
import type { MailServer } from '../servers/mail-login.ts';
import type { Call } from '../shared/call.ts';
import { GatewayError } from '../shared/errors.ts';
import { createBranch } from './branch.ts';
import type { Explain, Legs } from './legs.ts';
import type { OpenOutgoingProbe, OutgoingProbe } from './outgoing-probe.ts';
import type { Proof } from './proof.ts';

export interface SmtpTarget {
  readonly server: MailServer;
  /** Who logs in. */
  readonly user: string;
  /** The addresses that mail is sent as. */
  readonly senders: readonly string[];
}

/** Goes the legs `smtp-connect`, `smtp-login` and `smtp-sender`. Nothing is sent. */
export async function examineSmtp(
  call: Call,
  legs: Legs,
  { server, user, senders }: SmtpTarget,
  proof: Proof | undefined,
  openProbe: OpenOutgoingProbe,
): Promise<void> {
  const place = `${server.host}:${String(server.port)}`;
  const branch = createBranch(
    call,
    () =>
      new GatewayError('mail-server-unreachable', `${place}: it did not answer in time.`, {
        data: { upstream: { protocol: 'smtp' } },
      }),
  );
  const probe = await legs.go('smtp-connect', `Connecting to ${place}`, async () => ({
    detail: `${place} answers${server.encryption === 'none' ? '' : ', with a certificate that is valid'}.`,
    brings: await branch.within(() => openProbe(server, branch.call)),
  }));
  if (probe === undefined || proof === undefined) {
    legs.notReached('smtp-login', 'smtp-sender');
    await probe?.close();
    return;
  }
  const explain: Explain = (error) => proof.explain(error, 'smtp', user);
  const isIn = await legs.go(
    'smtp-login',
    `Logging in to ${place} as ${user}`,
    async () => {
      await branch.within(() => proof.logIn(branch.call, server, user, (login) => probe.login(login)));
      return { detail: `${place} takes the login as ${user}.`, brings: true };
    },
    explain,
  );
  if (isIn === undefined) legs.notReached('smtp-sender');
  else if (senders.length === 0) legs.skip('smtp-sender', 'It may send as anybody, so no address is tried.');
  else {
    await legs.go(
      'smtp-sender',
      `Naming ${senders.join(', ')} as the sender`,
      async () => {
        await branch.within(() => nameAll(probe, senders));
        return {
          detail: `The server takes as the sender: ${senders.join(', ')}.${caveat(user, senders)}`,
          brings: true,
        };
      },
      explain,
    );
  }
  await probe.close();
}

/** Ends at the first refusal: Exchange throttles a mailbox that is refused again and again. */
async function nameAll(probe: OutgoingProbe, senders: readonly string[]): Promise<void> {
  for (const from of senders) await probe.sender(from);
}

function caveat(user: string, senders: readonly string[]): string {
  return senders.every((from) => sameAddress(from, user))
    ? ''
    : ' A server may judge the right to send as somebody else only when it gets a message.';
}
