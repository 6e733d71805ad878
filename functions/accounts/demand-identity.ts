import { normalise } from '../shared/address.ts';
import { GatewayError } from '../shared/errors.ts';
import { signInAddress, type Account, type Identity } from './account.ts';

/**
 * The person who signed in must be the one the account names, and stay the same person for ever after: addresses can be
 * given to somebody else, object and tenant id cannot.
 * @throws GatewayError `wrong-account` with both addresses
 */
export function demandIdentity(account: Account, identity: Identity): void {
  const expected = signInAddress(account);
  const namesake = normalise(identity.address) === normalise(expected);
  const pinned = account.identity;
  if (pinned === undefined ? namesake : isSame(pinned, identity)) return;
  if (namesake) {
    throw new GatewayError(
      'wrong-account',
      `${expected} is another Microsoft account today than the one connected before.`,
      {
        data: { remedy: 'If the mailbox has rightly changed hands, remove the account and add it again.' },
      },
    );
  }
  throw new GatewayError(
    'wrong-account',
    `The account to connect is ${expected}, but ${identity.address || 'somebody without an address'} signed in.`,
    {
      data: {
        remedy: `Start again and sign in as ${expected}; a private browser window helps when another account is signed in.`,
      },
    },
  );
}

function isSame(one: Identity, other: Identity): boolean {
  return one.objectId === other.objectId && one.tenantId === other.tenantId;
}
