import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable, type Column } from '../../parts/resource-table.tsx';
import { SecondLine } from '../../parts/second-line.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { allEvents, type Destination } from './destination.ts';
import { DestinationStateBadge } from './destination-state.tsx';

/** All destinations, and how they are doing. */
export function DestinationList() {
  const { t } = useTranslation(['destinations', 'words']);
  const list = useList('/v1/destinations', {}, { every: 10_000 });
  const told = ({ kind, events }: Destination): string => {
    if (kind === 'odoo' || events.length === 0) return t('onlyMail');
    return events.length === allEvents.length ? t('everything') : t('someEvents', { count: events.length });
  };
  const columns: readonly Column<Destination>[] = [
    {
      name: 'name',
      header: t('words:name'),
      width: '38%',
      cell: ({ id, name, url, queueUrl }) => (
        <>
          <LinkTo to={`/${id}`}>{name}</LinkTo>
          <SecondLine>{url ?? queueUrl}</SecondLine>
        </>
      ),
    },
    { name: 'kind', header: t('kind'), cell: ({ kind }) => t(`words:destinationKind.${kind}`) },
    {
      name: 'state',
      header: t('words:state'),
      cell: (destination) => <DestinationStateBadge destination={destination} />,
    },
    { name: 'events', header: t('toldOf'), cell: told },
    {
      name: 'last',
      header: t('lastDelivered'),
      width: '9rem',
      cell: ({ lastDeliveredAt }) => (lastDeliveredAt === undefined ? t('words:never') : <Time at={lastDeliveredAt} />),
    },
  ];
  const add = (
    <ButtonTo to="/new" appearance="primary" icon={<AddRegular />}>
      {t('add')}
    </ButtonTo>
  );
  return (
    <Page
      title={t('title')}
      description={t('description')}
      actions={
        <>
          <ButtonTo to="/deliveries">{t('allDeliveries')}</ButtonTo>
          {add}
        </>
      }
    >
      <Section>
        <ResourceTable
          label={t('title')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <EmptyState icon={<PlugConnectedRegular />} title={t('none')} action={add}>
              {t('noneDetail')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
