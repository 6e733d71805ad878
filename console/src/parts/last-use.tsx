import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useList, type Row } from '../api/reading.ts';
import { Time } from './time.tsx';

type Account = Row<'/v1/accounts'>;
type Server = Row<'/v1/outgoing-servers'> | Row<'/v1/incoming-servers'>;

/** When the token of an account was last seen to be good: refreshed by a sign-in or a test, or used by a server. */
export function LastUse({ account }: { account: Account }) {
  const { t } = useTranslation('parts');
  const outgoing = useList('/v1/outgoing-servers', { limit: 200 });
  const incoming = useList('/v1/incoming-servers', { limit: 200 });
  const seen = lastUseOf(account, [...(outgoing.rows ?? []), ...(incoming.rows ?? [])]);
  if (seen === undefined) return null;
  return (
    <Text>
      {t('seenValid')} <Time at={seen} />
    </Text>
  );
}

function lastUseOf({ id, connectedAt }: Account, servers: readonly Server[]): string | undefined {
  const times = servers.filter(({ account }) => account === id).flatMap(timesOf);
  return [connectedAt, ...times]
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
}

function timesOf(server: Server): (string | undefined)[] {
  const { lastTest } = server;
  const isRefreshed = lastTest?.legs.some(({ leg, status }) => leg === 'token' && status === 'passed') === true;
  return [
    'lastSentAt' in server ? server.lastSentAt : undefined,
    'lastFetchAt' in server ? server.lastFetchAt : undefined,
    isRefreshed ? lastTest.checkedAt : undefined,
  ];
}
