import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead, type Row } from '../../api/reading.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CauseBar } from '../../parts/cause.tsx';
import { ConnectOutlook } from '../../parts/connect-outlook.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { ServerBadge } from './server-badge.tsx';

/** Whether the mailbox is read, what stands in its way, and the steps from draft to confirmed and back. */
export function ServerState({ server }: { server: Row<'/v1/incoming-servers'> }) {
  const { t } = useTranslation(['incomingServers', 'words']);
  const { id, state, account: accountId = '', lastError, lastFetchAt, nextFetchAt } = server;
  const params = { path: { id } };
  const account = useRead(
    '/v1/accounts/{id}',
    { params: { path: { id: accountId } } },
    { isWanted: accountId !== '' },
  ).data;
  const confirming = useAction(() => answer(api.POST('/v1/incoming-servers/{id}/confirm', { params })), {
    done: t('confirmed'),
    showsError: true,
  });
  const fetching = useAction(() => answer(api.POST('/v1/incoming-servers/{id}/fetch', { params })), {
    done: t('fetching'),
  });
  const resetting = useAction(() => answer(api.POST('/v1/incoming-servers/{id}/reset', { params })), {
    done: t('reset'),
  });
  const isConfirmed = state === 'confirmed';
  return (
    <Section title={t('words:state')}>
      <Line>
        <ServerBadge server={server} />
      </Line>
      {!isConfirmed && t(`next.${state}`)}
      {lastError && <CauseBar cause={lastError} title={t('failing')} />}
      <Line>
        {!isConfirmed && (
          <ActionButton
            appearance="primary"
            icon={<CheckmarkRegular />}
            isBusy={confirming.isBusy}
            onClick={() => {
              confirming.run();
            }}
          >
            {t('words:testAndConfirm')}
          </ActionButton>
        )}
        {isConfirmed && (
          <>
            <ActionButton
              icon={<ArrowDownloadRegular />}
              isBusy={fetching.isBusy}
              onClick={() => {
                fetching.run();
              }}
            >
              {t('words:fetchNow')}
            </ActionButton>
            <ActionButton
              icon={<ArrowResetRegular />}
              isBusy={resetting.isBusy}
              onClick={() => {
                resetting.run();
              }}
            >
              {t('words:resetConfirmation')}
            </ActionButton>
          </>
        )}
      </Line>
      {confirming.error !== null && <ProblemBar error={confirming.error} />}
      <Facts
        facts={[
          [t('lastFetch'), lastFetchAt === undefined ? t('words:never') : <Time at={lastFetchAt} />],
          [t('nextFetch'), isConfirmed && nextFetchAt ? <Time at={nextFetchAt} /> : undefined],
          [t('words:account'), account && <LinkTo to={`~/console/accounts/${account.id}`}>{account.address}</LinkTo>],
        ]}
      />
      {account && <ConnectOutlook account={account} />}
    </Section>
  );
}
