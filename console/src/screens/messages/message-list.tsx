import { makeStyles, tokens } from '@fluentui/react-components';
import { SendRegular } from '@fluentui/react-icons/svg/send';
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
import { MessageStatusBadge, messageStatuses, type Message } from './message-status.tsx';

const useStyles = makeStyles({
  from: {
    display: 'block',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightRegular,
  },
});

/** All messages, newest first, narrowed as the address says. */
export function MessageList() {
  const styles = useStyles();
  const { t } = useTranslation(['messages', 'words']);
  const servers = useNames('/v1/outgoing-servers');
  const filters = useFilters(['q', 'status', 'outgoingServer', 'tag', 'period']);
  const { period, ...query } = filters.query;
  const since = useSince(period);
  const list = useList('/v1/messages', { ...query, ...since }, { every: 10_000 });
  const columns: readonly Column<Message>[] = [
    {
      name: 'subject',
      header: t('subject'),
      width: '28%',
      cell: ({ id, subject, from }) => (
        <>
          <LinkTo to={`/${id}`}>{subject || t('noSubject')}</LinkTo>
          <span className={styles.from}>{from}</span>
        </>
      ),
    },
    {
      name: 'to',
      header: t('to'),
      width: '22%',
      cell: (message) => recipientsOf(message, (count) => t('andMore', { others: count })),
    },
    {
      name: 'status',
      header: t('words:state'),
      width: '8.5rem',
      cell: ({ status }) => <MessageStatusBadge status={status} />,
    },
    { name: 'server', header: t('outgoingServer'), cell: ({ outgoingServer }) => servers.of(outgoingServer) },
    { name: 'created', header: t('accepted'), width: '8rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
  const statuses = messageStatuses.map((value) => ({ value, label: t(`words:messageStatus.${value}`) }));
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={
        <ButtonTo to="/new" appearance="primary" icon={<SendRegular />}>
          {t('compose')}
        </ButtonTo>
      }
    >
      <Section>
        <FilterBar filters={filters}>
          <FilterText filters={filters} name="q" label={t('search')} placeholder={t('searchHint')} />
          <FilterSelect filters={filters} name="status" label={t('words:state')} options={statuses} />
          <FilterSelect filters={filters} name="outgoingServer" label={t('outgoingServer')} options={servers.options} />
          <FilterText filters={filters} name="tag" label={t('tag')} isShort />
          <FilterPeriod filters={filters} name="period" label={t('accepted')} />
        </FilterBar>
        <ResourceTable
          label={t('title')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <EmptyState icon={<SendRegular />} title={filters.isSet ? t('noneFound') : t('none')}>
              {filters.isSet ? t('noneFoundDetail') : t('noneDetail')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}

function recipientsOf({ to, cc, bcc }: Message, more: (count: number) => string): string {
  const [first = '', ...others] = [...to, ...cc, ...bcc];
  return others.length === 0 ? first : `${first} ${more(others.length)}`;
}
