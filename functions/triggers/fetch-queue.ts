import { app } from '@azure/functions';
import * as z from 'zod';
import { queueNames } from '../azure/storage-work-queues.ts';
import { backgroundCall } from '../http/background-call.ts';
import { fetchMailboxes } from '../received/fetch-mailboxes.ts';
import { getServices } from '../services.ts';

const entry = z.object({ incomingServers: z.array(z.string()), which: z.literal('due').optional() });

/** A shard of mailboxes is to be read. When it fails the host tries it again; those that were read have nothing new then. */
app.storageQueue('fetchQueue', {
  queueName: queueNames.fetch,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const { incomingServers, which } = entry.parse(message);
    await fetchMailboxes(backgroundCall(context), incomingServers, which, getServices());
  },
});
