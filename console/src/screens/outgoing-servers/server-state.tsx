import { Switch } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead, type Row } from '../../api/reading.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { ConnectOutlook } from '../../parts/connect-outlook.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { ServerBadges } from './server-badges.tsx';

/** Whether the server sends, and what stands in its way. */
export function ServerState({ server }: { server: Row<'/v1/outgoing-servers'> }) {
  const { t } = useTranslation(['outgoingServers', 'words']);
  const { id, active, account: accountId = '', lastError, lastSentAt, pausedUntil } = server;
  const account = useRead(
    '/v1/accounts/{id}',
    { params: { path: { id: accountId } } },
    { isWanted: accountId !== '' },
  ).data;
  const switching = useAction((wanted: boolean) =>
    answer(api.PATCH('/v1/outgoing-servers/{id}', { params: { path: { id } }, body: { active: wanted } })),
  );
  return (
    <Section title={t('words:state')}>
      <Switch
        label={t(active ? 'active' : 'inactive')}
        checked={switching.isBusy ? !active : active}
        onChange={(_event, { checked }) => {
          switching.run(checked);
        }}
      />
      {lastError && <CauseBar cause={lastError} title={t('state.failing')} />}
      {account ? (
        <ConnectOutlook account={account} />
      ) : (
        <Line>
          <ServerBadges server={server} />
        </Line>
      )}
      <Facts
        facts={[
          [t('lastSent'), lastSentAt === undefined ? t('words:never') : <Time at={lastSentAt} />],
          [t('pausedUntil'), pausedUntil && <Time at={pausedUntil} />],
          [t('words:account'), account && <LinkTo to={`~/console/accounts/${account.id}`}>{account.address}</LinkTo>],
        ]}
      />
    </Section>
  );
}
