import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { FilterSelect } from '../../parts/filter-bar.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { MailTable } from '../../parts/mail-table.tsx';
import { Page } from '../../parts/page.tsx';
import { SecondLine } from '../../parts/second-line.tsx';
import { useFilteredList } from '../../parts/use-filtered-list.ts';
import { DropMany } from './drop-many.tsx';
import { ReceivedStatusBadge, receivedStatuses } from './received-status.tsx';
import { ReplayMany } from './replay-many.tsx';

/** All received mail, newest first, narrowed as the address says. */
export function ReceivedList() {
  const { t } = useTranslation(['received', 'words']);
  const servers = useNames('/v1/incoming-servers');
  const mail = useFilteredList('/v1/received', ['q', 'status', 'incomingServer'], { every: 10_000 });
  const { filters, hasAny } = mail;
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={
        hasAny && (
          <>
            <DropMany looked={filters.query} />
            <ReplayMany looked={filters.query} />
          </>
        )
      }
    >
      <MailTable
        kind="received"
        icon={<MailInboxRegular />}
        mail={mail}
        statuses={receivedStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
        filters={
          <FilterSelect filters={filters} name="incomingServer" label={t('incomingServer')} options={servers.options} />
        }
        subjectWidth="36%"
        columns={[
          {
            name: 'status',
            header: t('words:state'),
            cell: ({ status, reason }) => (
              <>
                <ReceivedStatusBadge status={status} />
                {status === 'parked' && reason !== undefined && <SecondLine>{t(`reason.${reason.kind}`)}</SecondLine>}
              </>
            ),
          },
          { name: 'server', header: t('incomingServer'), cell: ({ incomingServer }) => servers.of(incomingServer) },
          { name: 'folder', header: t('folder'), width: '8rem', cell: ({ folder }) => folder },
        ]}
        when={{ label: t('receivedAt'), of: ({ receivedAt }) => receivedAt }}
        action={<ButtonTo to="~/console/incoming-servers">{t('toServers')}</ButtonTo>}
      />
    </Page>
  );
}
