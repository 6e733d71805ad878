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
  const inPerson = `Start again and sign in as ${signInAddress(account)}; a private browser window helps when another account is signed in.`;
  const otherwise = pinned === undefined && identity.address !== '' ? `\n${naming(account, identity.address)}` : '';
  throw new GatewayError(
    'wrong-account',
    `The account to connect is ${account.delegate ?? account.address}, but ${who} signed in.`,
    { data: { remedy: inPerson + otherwise } },
  );
}

function isSame(one: Identity, other: Identity): boolean {
  return one.objectId === other.objectId && one.tenantId === other.tenantId;
}

/** How whoever runs Postern lets this person in, when the two addresses are rightly two. */
function naming({ id, kind, aliases = [], address: mailbox }: Account, person: string): string {
  const [role, change] =
    kind === 'shared'
      ? [`is to sign in for ${mailbox}`, { delegate: person }]
      : [`is the sign-in name of ${mailbox}`, { aliases: [...aliases, person] }];
  return `If ${person} ${role}, whoever runs Postern allows it with PATCH /v1/accounts/${id} ${JSON.stringify(change)}`;
}
