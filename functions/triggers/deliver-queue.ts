import { app } from '@azure/functions';
import * as z from 'zod';
import { queueNames } from '../azure/storage-work-queues.ts';
import { deliverDue } from '../events/deliver-due.ts';
import { backgroundCall } from '../http/background-call.ts';
import { getServices } from '../services.ts';

const entry = z.object({ destination: z.string() });

/** A destination has deliveries to make. */
app.storageQueue('deliverQueue', {
  queueName: queueNames.deliver,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    await deliverDue(backgroundCall(context), entry.parse(message).destination, getServices());
  },
});
