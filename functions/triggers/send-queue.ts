import { app } from '@azure/functions';
import * as z from 'zod';
import { queueNames } from '../azure/storage-work-queues.ts';
import { backgroundCall } from '../http/background-call.ts';
import { sendDueMessages } from '../messages/send-due-messages.ts';
import { getServices } from '../services.ts';

const entry = z.object({ outgoingServer: z.string() });

/** An outgoing server has messages to send. */
app.storageQueue('sendQueue', {
  queueName: queueNames.send,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    await sendDueMessages(backgroundCall(context), entry.parse(message).outgoingServer, getServices());
  },
});
