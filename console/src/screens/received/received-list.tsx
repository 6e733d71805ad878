import { makeStyles, tokens } from '@fluentui/react-components';
import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBar, FilterPeriod, FilterSelect, FilterText } from '../../parts/filter-bar.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable, type Column } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useFilters, useSince } from '../../parts/use-filters.ts';
import { DropMany } from './drop-many.tsx';
import { ReceivedStatusBadge, receivedStatuses, type ReceivedSummary } from './received-status.tsx';
import { ReplayMany } from './replay-many.tsx';

const useStyles = makeStyles({
  from: {
    display: 'block',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightRegular,
  },
});

/** All received mail, newest first, narrowed as the address says. */
export function ReceivedList() {
  const styles = useStyles();
  const { t } = useTranslation(['received', 'words']);
  const servers = useNames('/v1/incoming-servers');
  const filters = useFilters(['q', 'status', 'incomingServer', 'period']);
  const { period, ...query } = filters.query;
  const since = useSince(period);
  const list = useList('/v1/received', { ...query, ...since }, { every: 10_000 });
  const columns: readonly Column<ReceivedSummary>[] = [
    {
      name: 'subject',
      header: t('subject'),
      width: '36%',
      cell: ({ id, subject, from }) => (
        <>
          <LinkTo to={`/${id}`}>{subject || t('noSubject')}</LinkTo>
          <span className={styles.from}>{from}</span>
        </>
      ),
    },
    {
      name: 'status',
      header: t('words:state'),
      cell: ({ status, reason }) => (
        <>
          <ReceivedStatusBadge status={status} />
          {status === 'parked' && reason !== undefined && (
            <span className={styles.from}>{t(`reason.${reason.kind}`)}</span>
          )}
        </>
      ),
    },
    { name: 'server', header: t('incomingServer'), cell: ({ incomingServer }) => servers.of(incomingServer) },
    { name: 'folder', header: t('folder'), width: '8rem', cell: ({ folder }) => folder },
    { name: 'received', header: t('receivedAt'), width: '9rem', cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  ];
  const statuses = receivedStatuses.map((value) => ({ value, label: t(`status.${value}`) }));
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={
        list.rows !== undefined &&
        list.rows.length > 0 && (
          <>
            <DropMany looked={filters.query} />
            <ReplayMany looked={filters.query} />
          </>
        )
      }
    >
      <Section>
        <FilterBar filters={filters}>
          <FilterText filters={filters} name="q" label={t('search')} placeholder={t('searchHint')} />
          <FilterSelect filters={filters} name="incomingServer" label={t('incomingServer')} options={servers.options} />
          <FilterSelect filters={filters} name="status" label={t('words:state')} options={statuses} />
          <FilterPeriod filters={filters} name="period" label={t('receivedAt')} />
        </FilterBar>
        <ResourceTable
          label={t('title')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            filters.isSet ? (
              <EmptyState icon={<MailInboxRegular />} title={t('noneFound')}>
                {t('noneFoundDetail')}
              </EmptyState>
            ) : (
              <EmptyState
                icon={<MailInboxRegular />}
                title={t('none')}
                action={<ButtonTo to="~/console/incoming-servers">{t('toServers')}</ButtonTo>}
              >
                {t('noneDetail')}
              </EmptyState>
            )
          }
        />
      </Section>
    </Page>
  );
}
