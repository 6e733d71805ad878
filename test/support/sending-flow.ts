import { until } from '../../dev/until.ts';
import { startFlow, type Flow } from './flow.ts';
import { mailOf, type Mail } from './mail-of.ts';

export interface SentMessage {
  readonly id: string;
  readonly status: string;
  readonly messageId: string;
  readonly from: string;
  readonly outgoingServer: string;
  readonly envelope: { readonly from: string; readonly to: string[] };
  readonly recipients: readonly { readonly address: string; readonly status: string; readonly reply?: string }[];
  readonly attempts: number;
  readonly size: number;
  readonly nextAttemptAt?: string;
  readonly lastReply?: string;
  readonly cause?: { readonly code: string; readonly detail: string; readonly actor: string; readonly remedy?: string };
  readonly createdAt: string;
  readonly history: readonly { readonly status: string; readonly detail?: string }[];
}

/** A flow with helpers for what is sent through it. */
export interface SendingFlow extends Flow {
  /** Adds an outgoing server, with limits that nobody reaches unless the fields say otherwise. */
  addServer(fields: Record<string, unknown>): Promise<{ id: string }>;
  /** Accepts a message, from Ada to Grace unless the fields say otherwise. */
  accept(fields?: Record<string, unknown>, headers?: Record<string, string>): Promise<SentMessage>;
  message(id: string): Promise<SentMessage>;
  /** Waits until the message has this status. */
  reaches(id: string, status: string): Promise<SentMessage>;
  /** Accepts a message and waits until it is sent. */
  send(fields?: Record<string, unknown>): Promise<SentMessage>;
  /** The mail that came of a message, in somebody's mailbox. */
  received(address: string, messageId: string): Promise<Mail>;
}

export async function startSendingFlow(): Promise<SendingFlow> {
  const flow = await startFlow();
  const { api, microsoft365 } = flow;
  const message = (id: string): Promise<SentMessage> => api.call('GET', `/v1/messages/${id}`);
  const reaches = (id: string, status: string): Promise<SentMessage> =>
    until(async () => {
      const now = await message(id);
      return now.status === status && now;
    });
  const accept: SendingFlow['accept'] = (fields = {}, headers = {}) => {
    const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', subject: 'Hello', text: 'Hello' };
    return api.call('POST', '/v1/messages', { ...plain, ...fields }, headers);
  };
  return {
    ...flow,
    addServer: (fields) => api.call('POST', '/v1/outgoing-servers', { limits: { perMinute: 10_000 }, ...fields }),
    accept,
    message,
    reaches,
    send: async (fields) => reaches((await accept(fields)).id, 'sent'),
    async received(address, messageId) {
      const mails = (await mailOf(microsoft365, address)).filter((mail) => mail.messageId === messageId);
      const [mail] = mails;
      if (mail === undefined || mails.length > 1) throw new Error(`${address} has ${mails.length} of ${messageId}.`);
      return mail;
    },
  };
}
