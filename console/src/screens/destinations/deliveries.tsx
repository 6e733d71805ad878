import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { useList } from '../../api/reading.ts';
import { DeliveryTable, type Delivery } from '../../parts/delivery-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBar, FilterPeriod, FilterSelect } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { useFilters, useSince } from '../../parts/use-filters.ts';
import { RetryMany } from './retry-many.tsx';

const statuses: readonly Delivery['status'][] = ['pending', 'delivered', 'parked'];

/** All deliveries, newest first, narrowed as the address says. */
export function Deliveries() {
  const { t } = useTranslation(['destinations', 'words']);
  const destinations = useNames('/v1/destinations');
  const filters = useFilters(['destination', 'status', 'period']);
  const { period, ...query } = filters.query;
  const since = useSince(period);
  const list = useList('/v1/deliveries', { ...query, ...since }, { every: 5_000 });
  return (
    <Page
      title={t('deliveries')}
      description={t('deliveriesDetail')}
      back={{ to: '/', label: t('title') }}
      actions={list.rows !== undefined && list.rows.length > 0 && <RetryMany looked={filters.query} />}
    >
      <Section>
        <FilterBar filters={filters}>
          <FilterSelect filters={filters} name="destination" label={t('destination')} options={destinations.options} />
          <FilterSelect
            filters={filters}
            name="status"
            label={t('words:state')}
            options={statuses.map((value) => ({ value, label: t(`words:deliveryStatus.${value}`) }))}
          />
          <FilterPeriod filters={filters} name="period" label={t('since')} />
        </FilterBar>
        <DeliveryTable
          list={list}
          empty={
            <EmptyState icon={<ArrowRightRegular />} title={filters.isSet ? t('noneFound') : t('noDeliveries')}>
              {filters.isSet ? t('noneFoundDetail') : t('noDeliveriesDetail')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
