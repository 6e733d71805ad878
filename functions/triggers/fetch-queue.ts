import { app } from '@azure/functions';
import * as z from 'zod';
import { queueNames } from '../azure/storage-work-queues.ts';
import { backgroundCall } from '../http/background-call.ts';
import { fetchMailbox } from '../received/fetch-mailbox.ts';
import { getServices } from '../services.ts';

const entry = z.object({ incomingServers: z.array(z.string()) });

/** A shard of mailboxes is to be read: all at the same time, for they mostly wait. */
app.storageQueue('fetchQueue', {
  queueName: queueNames.fetch,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const call = backgroundCall(context);
    const readings = entry.parse(message).incomingServers.map((id) => fetchMailbox(call, id, getServices()));
    const failed = (await Promise.allSettled(readings)).filter((reading) => reading.status === 'rejected');
    // The host tries the entry again; the mailboxes that were read have nothing new then.
    if (failed.length > 0)
      throw new AggregateError(
        failed.map(({ reason }) => reason as unknown),
        'Mailboxes could not be read.',
      );
  },
});
