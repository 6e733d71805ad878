import type { Row } from '../../api/reading.ts';

type Server = Row<'/v1/outgoing-servers'>;

/** An outgoing server as its form has it; null: left empty. */
export interface Values {
  readonly name: string;
  readonly auth: Server['auth'];
  readonly account: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number | null;
  readonly encryption: Server['encryption'];
  readonly fromFilter: readonly string[];
  readonly priority: number | null;
  readonly owner: string;
  readonly maxMegabytes: number | null;
  readonly perMinute: number | null;
  readonly recipientsPerDay: number | null;
  readonly connections: number | null;
  readonly onUnknown: Server['onUnknown'];
}

const megabyte = 1024 ** 2;

/** What Exchange Online lets a mailbox send; a limit left empty is its. */
const exchange = { perMinute: 30, recipientsPerDay: 10_000, connections: 1 };

/** What the form of a new server begins with; where it says nothing of a host, the API knows Exchange Online's. */
export const newValues: Values = {
  name: '',
  auth: 'outlook',
  account: '',
  username: '',
  password: '',
  host: '',
  port: null,
  encryption: 'starttls',
  fromFilter: [],
  priority: 10,
  owner: '',
  maxMegabytes: null,
  ...exchange,
  onUnknown: 'hold',
};

export function toValues(server: Server): Values {
  const { limits, owner, maxMessageSize, account = '', username = '' } = server;
  return {
    ...newValues,
    ...server,
    ...limits,
    account,
    username,
    password: '',
    owner: owner ?? '',
    maxMegabytes: maxMessageSize === null ? null : Math.round(maxMessageSize / megabyte),
  };
}

/** The fields that a new server and a changed one have in common, as the API takes them. */
export function toFields(values: Values) {
  const { name, host, port, fromFilter, priority, owner, maxMegabytes, onUnknown } = values;
  const { perMinute, recipientsPerDay, connections } = values;
  return {
    name,
    fromFilter: [...fromFilter],
    owner: owner === '' ? null : owner,
    onUnknown,
    maxMessageSize: maxMegabytes === null ? null : maxMegabytes * megabyte,
    limits: {
      perMinute: perMinute ?? exchange.perMinute,
      recipientsPerDay: recipientsPerDay ?? exchange.recipientsPerDay,
      connections: connections ?? exchange.connections,
    },
    ...(host !== '' && { host }),
    ...(port !== null && { port }),
    ...(priority !== null && { priority }),
  };
}
