import { app } from '@azure/functions';
import { watchCredential } from '../accounts/watch-credential.ts';
import { makeFirstAdminKey } from '../access/make-first-admin-key.ts';
import { tendAccounts } from '../accounts/tend-accounts.ts';
import { forgetDeliveries } from '../events/forget-deliveries.ts';
import { queueDueDeliveries } from '../events/queue-due-deliveries.ts';
import { backgroundCall } from '../http/background-call.ts';
import { forgetContents } from '../messages/forget-contents.ts';
import { forgetKeys } from '../messages/forget-keys.ts';
import { forgetMessages } from '../messages/forget-messages.ts';
import { queueDueMessages } from '../messages/queue-due-messages.ts';
import { removeLeftovers } from '../messages/remove-leftovers.ts';
import { auditDueMailboxes } from '../received/audit-due-mailboxes.ts';
import { forgetReceived } from '../received/forget-received.ts';
import { queueDueMailboxes } from '../received/queue-due-mailboxes.ts';
import { getServices } from '../services.ts';

/** Mailboxes that are due are put on the fetch queue. */
app.timer('fetchTimer', {
  schedule: '0 * * * * *',
  handler: async (_timer, context) => {
    await queueDueMailboxes(backgroundCall(context), getServices());
  },
});

/** Whatever has become due, or was left by a crash, is put on its queue. Half a minute off, so that the two do not crowd. */
app.timer('sweepTimer', {
  schedule: '30 * * * * *',
  handler: async (_timer, context) => {
    const call = backgroundCall(context);
    const services = getServices();
    // What keeps one of them from its work must not keep the others.
    const runs = await Promise.allSettled([
      makeFirstAdminKey(call, services),
      watchCredential(call, services),
      queueDueMessages(call, services),
      queueDueDeliveries(call, services),
      forgetKeys(call, services),
      forgetContents(call, services),
      tendAccounts(call, services),
      forgetReceived(call, services),
      forgetMessages(call, services),
      forgetDeliveries(call, services),
    ]);
    const failed = runs.filter((run) => run.status === 'rejected');
    if (failed.length > 0)
      throw new AggregateError(
        failed.map(({ reason }) => reason as unknown),
        'Not all was swept.',
      );
  },
});

/** Each mailbox is compared with the ledger once a day, at a time of its own. */
app.timer('auditTimer', {
  schedule: '45 */10 * * * *',
  handler: async (_timer, context) => {
    await auditDueMailboxes(backgroundCall(context), getServices());
  },
});

/** Once a night: what nobody will ever ask for again is removed. */
app.timer('leftoversTimer', {
  schedule: '0 17 3 * * *',
  handler: async (_timer, context) => {
    await removeLeftovers(backgroundCall(context), getServices());
  },
});
