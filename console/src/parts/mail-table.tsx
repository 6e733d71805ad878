import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './empty-state.tsx';
import { FilterBar, FilterPeriod, FilterSelect, FilterText } from './filter-bar.tsx';
import { LinkTo } from './link-to.tsx';
import { ResourceTable, type Column } from './resource-table.tsx';
import { SecondLine } from './second-line.tsx';
import { Section } from './section.tsx';
import { Time } from './time.tsx';
import type { FilteredList } from './use-filtered-list.ts';

interface Mail {
  readonly id: string;
  readonly subject: string;
  readonly from: string;
}

/** Sent or received mail, newest first: by subject and sender, with a search, its states and how far back it goes. */
export function MailTable<T extends Mail>(props: {
  kind: 'messages' | 'received';
  icon: ReactElement;
  mail: FilteredList<T, 'q' | 'status' | 'period'>;
  statuses: readonly { value: string; label: string }[];
  /** What else it can be narrowed by. */
  filters: ReactNode;
  subjectWidth: string;
  /** What stands between the subject and the time. */
  columns: readonly Column<T>[];
  when: { readonly label: string; readonly of: (mail: T) => string };
  /** What to do where there is no mail at all. */
  action?: ReactNode;
}) {
  const { kind, icon, statuses, subjectWidth, columns, when, action } = props;
  const { list, filters } = props.mail;
  const { t } = useTranslation([kind, 'parts', 'words']);
  return (
    <Section>
      <FilterBar filters={filters}>
        <FilterText filters={filters} name="q" label={t('parts:search')} placeholder={t('parts:searchHint')} />
        <FilterSelect filters={filters} name="status" label={t('words:state')} options={statuses} />
        {props.filters}
        <FilterPeriod filters={filters} name="period" label={when.label} />
      </FilterBar>
      <ResourceTable
        label={t('title')}
        list={list}
        columns={[
          {
            name: 'subject',
            header: t('subject'),
            width: subjectWidth,
            cell: ({ id, subject, from }) => (
              <>
                <LinkTo to={`/${id}`}>{subject || t('noSubject')}</LinkTo>
                <SecondLine>{from}</SecondLine>
              </>
            ),
          },
          ...columns,
          { name: 'when', header: when.label, width: '8rem', cell: (mail) => <Time at={when.of(mail)} /> },
        ]}
        keyOf={({ id }) => id}
        empty={
          filters.isSet ? (
            <EmptyState icon={icon} title={t('noneFound')}>
              {t('parts:fewerFilters')}
            </EmptyState>
          ) : (
            <EmptyState icon={icon} title={t('none')} action={action}>
              {t('noneDetail')}
            </EmptyState>
          )
        }
      />
    </Section>
  );
}
