import type { Row } from '../../api/reading.ts';
import { loginOf, newLogin, toChangedLogin, toNewLogin, type LoginValues } from '../../parts/login-values.ts';

type Server = Row<'/v1/outgoing-servers'>;

/** An outgoing server as its form has it; null: left empty. */
export interface Values extends LoginValues {
  readonly name: string;
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

/** What the form of a new server begins with. */
export const newValues: Values = {
  ...newLogin(),
  name: '',
  encryption: 'starttls',
  fromFilter: [],
  priority: 10,
  owner: '',
  maxMegabytes: null,
  ...exchange,
  onUnknown: 'hold',
};

export function toValues(server: Server): Values {
  const { name, fromFilter, priority, owner, maxMessageSize, limits, onUnknown } = server;
  return {
    ...loginOf(server),
    ...{ name, fromFilter, priority, onUnknown },
    ...limits,
    owner: owner ?? '',
    maxMegabytes: maxMessageSize === null ? null : Math.round(maxMessageSize / megabyte),
  };
}

/** A new server, as the API takes it. */
export function toNew(values: Values) {
  return { ...toFields(values), ...toNewLogin(values) };
}

/** A changed one, as the API takes it. */
export function toPatch(values: Values) {
  return { ...toFields(values), ...toChangedLogin(values) };
}

function toFields(values: Values) {
  const { name, fromFilter, priority, owner, maxMegabytes, onUnknown } = values;
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
    ...(priority !== null && { priority }),
  };
}
