import { GatewayError } from '../shared/errors.ts';
import { isNamed, signInAddress, type Account, type Identity } from './account.ts';

/**
 * The person who signed in must be one the account names, and stay the same person for ever after: addresses can be
 * given to somebody else, object and tenant id cannot.
 * @throws GatewayError `wrong-account` with both addresses and what each side can do
 */
export function demandIdentity(account: Account, identity: Identity): void {
  const pinned = account.identity;
  const named = isNamed(account, identity);
  if (pinned === undefined ? named : isSame(pinned, identity)) return;
  const expected = signInAddress(account);
  if (named) {
    throw new GatewayError(
      'wrong-account',
      `${identity.address} is another Microsoft account today than the one connected before.`,
      {
        data: { remedy: 'If the mailbox has rightly changed hands, remove the account and add it again.' },
      },
    );
  }
  const who = identity.address === '' ? 'somebody without an address' : identity.address;
  throw new GatewayError('wrong-account', `The account to connect is ${expected}, but ${who} signed in.`, {
    data: {
      remedy:
        `Start again and sign in as ${expected}; a private browser window helps when another account is signed in. ` +
        (pinned === undefined ? naming(account, identity) : belonging(pinned)),
    },
  });
}

function isSame(one: Identity, other: Identity): boolean {
  return one.objectId === other.objectId && one.tenantId === other.tenantId;
}

/** How whoever runs Postern lets this person in, when the two addresses are rightly two. */
function naming({ id, kind, aliases = [], address: mailbox }: Account, { address }: Identity): string {
  if (address === '') return '';
  return kind === 'shared'
    ? `If ${address} is to sign in for ${mailbox}, whoever runs Postern sends PATCH /v1/accounts/${id} ${JSON.stringify({ delegate: address })}.`
    : `If ${address} is the sign-in name of ${mailbox}, whoever runs Postern sends PATCH /v1/accounts/${id} ${JSON.stringify({ aliases: [...aliases, address] })}.`;
}

function belonging({ address }: Identity): string {
  return `It belongs to ${address}, who connected it before.`;
}
