import { useTranslation } from 'react-i18next';
import { useList, type Row } from '../../api/reading.ts';
import { AccountBadge } from '../../parts/account-badge.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

/** How a server is doing, the first that matters: switched off, cannot log in, cannot send, waits, works. */
export function ServerBadges({ server }: { server: Row<'/v1/outgoing-servers'> }) {
  const { t } = useTranslation('outgoingServers');
  const accounts = useList('/v1/accounts', { limit: 200 });
  const account = accounts.rows?.find(({ id }) => id === server.account);
  const { active, lastError, lastTest, lastSentAt, pausedUntil } = server;
  if (!active) return <StateBadge kind="idle">{t('state.off')}</StateBadge>;
  if (account !== undefined && account.state !== 'connected') return <AccountBadge account={account} />;
  return (
    <>
      {account && <AccountBadge account={account} />}
      {lastError !== undefined && <StateBadge kind="bad">{t('state.failing')}</StateBadge>}
      {lastError === undefined && lastTest?.ok === false && (
        <StateBadge kind="warning">{t('state.testFailed')}</StateBadge>
      )}
      {lastError === undefined && pausedUntil !== undefined && <StateBadge kind="busy">{t('state.paused')}</StateBadge>}
      {account === undefined && lastError === undefined && lastTest?.ok !== false && (
        <StateBadge kind={lastSentAt !== undefined || lastTest?.ok === true ? 'good' : 'idle'}>
          {t(lastSentAt !== undefined || lastTest?.ok === true ? 'state.works' : 'state.untried')}
        </StateBadge>
      )}
    </>
  );
}
