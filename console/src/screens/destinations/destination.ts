import type { components } from '../../api/schema.d.ts';

export type Destination = components['schemas']['Destination'];
export type Kind = Destination['kind'];
export type EventType = Destination['events'][number];

/** What a destination can be told, besides received mail, and under which name the texts have it. */
export const eventNames = {
  'message.sent': 'messageSent',
  'message.deferred': 'messageDeferred',
  'message.failed': 'messageFailed',
  'message.bounced': 'messageBounced',
  'account.connected': 'accountConnected',
  'account.reauth_required': 'accountReauthRequired',
  'account.recovered': 'accountRecovered',
  'incoming.failing': 'incomingFailing',
  'incoming.disabled': 'incomingDisabled',
  'incoming.loop_suspected': 'incomingLoopSuspected',
  'incoming.audit_missing': 'incomingAuditMissing',
  'app.credential_expiring': 'appCredentialExpiring',
  'destination.disabled': 'destinationDisabled',
} as const satisfies Record<EventType, string>;

export const allEvents = Object.keys(eventNames) as readonly EventType[];

/** A destination as a form has it, whatever its kind; of a value that is write-only, empty means as it was. */
export interface DestinationValues {
  readonly kind: Kind;
  readonly name: string;
  readonly url: string;
  readonly queueUrl: string;
  readonly database: string;
  readonly username: string;
  readonly apiKey: string;
  readonly events: readonly EventType[];
  readonly concurrency: number | null;
}

export const emptyDestination: DestinationValues = {
  kind: 'webhook',
  name: '',
  url: '',
  queueUrl: '',
  database: '',
  username: '',
  apiKey: '',
  events: allEvents,
  concurrency: 8,
};

export function valuesOf(destination: Destination): DestinationValues {
  const { kind, name, url = '', queueUrl = '', database = '', username = '', events, concurrency } = destination;
  return { kind, name, url, queueUrl, database, username, apiKey: '', events, concurrency };
}

const fieldsOf = {
  webhook: ({ url, events, ...values }: DestinationValues) => ({ ...commonOf(values), events: [...events], url }),
  queue: ({ queueUrl, events, ...values }: DestinationValues) => ({
    ...commonOf(values),
    events: [...events],
    queueUrl,
  }),
  odoo: ({ url, database, username, apiKey, ...values }: DestinationValues) => ({
    ...commonOf(values),
    ...{ url, database, username },
    ...(apiKey !== '' && { apiKey }),
  }),
};

function commonOf({ name, concurrency }: Pick<DestinationValues, 'name' | 'concurrency'>) {
  return { name, ...(concurrency !== null && { concurrency }) };
}

/** What changing a destination to these values takes. */
export function changesOf(values: DestinationValues) {
  return fieldsOf[values.kind](values);
}

/** What adding it takes. */
export function newDestinationOf(values: DestinationValues) {
  const { kind, apiKey } = values;
  switch (kind) {
    case 'webhook':
      return { kind, ...fieldsOf.webhook(values) };
    case 'queue':
      return { kind, ...fieldsOf.queue(values) };
    case 'odoo':
      return { kind, ...fieldsOf.odoo(values), apiKey };
  }
}
