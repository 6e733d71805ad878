import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { DeliveryTable, type Delivery } from '../../parts/delivery-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBar, FilterPeriod, FilterSelect } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { useFilteredList } from '../../parts/use-filtered-list.ts';
import { RetryMany } from './retry-many.tsx';

const statuses: readonly Delivery['status'][] = ['pending', 'delivered', 'parked'];

/** All deliveries, newest first, narrowed as the address says. */
export function Deliveries() {
  const { t } = useTranslation(['destinations', 'parts', 'words']);
  const destinations = useNames('/v1/destinations');
  const { list, filters, hasAny } = useFilteredList('/v1/deliveries', ['destination', 'status'], { every: 5_000 });
  return (
    <Page
      title={t('deliveries')}
      description={t('deliveriesDetail')}
      back={{ to: '/', label: t('title') }}
      actions={hasAny && <RetryMany looked={filters.query} />}
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
              {filters.isSet ? t('parts:fewerFilters') : t('noDeliveriesDetail')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
