import { Button, Field, SearchBox, Select, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Filters } from './use-filters.ts';
import { usePeriods } from './period-field.tsx';

const wide = '@media (min-width: 40rem)';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
  },
  field: { flex: '1 1 8rem', [wide]: { maxWidth: '18rem' } },
  search: { flex: '2 1 13rem', [wide]: { maxWidth: '28rem' } },
  input: { maxWidth: '100%', width: '100%' },
});

interface FilterProps<N extends string> {
  readonly filters: Filters<N>;
  readonly name: N;
  readonly label: string;
}

/** What a list can be narrowed by, in a row above it. */
export function FilterBar<N extends string>({ filters, children }: { filters: Filters<N>; children: ReactNode }) {
  const styles = useStyles();
  const { t } = useTranslation('parts');
  return (
    <div role="search" className={styles.bar}>
      {children}
      {filters.isSet && (
        <Button appearance="subtle" onClick={filters.clear}>
          {t('clearFilters')}
        </Button>
      )}
    </div>
  );
}

/** One of a few; the first choice is all. */
export function FilterSelect<N extends string>(
  props: FilterProps<N> & { options: readonly { value: string; label: string }[] },
) {
  const { filters, name, label, options } = props;
  const styles = useStyles();
  const { t } = useTranslation('parts');
  return (
    <Field label={label} size="small" className={styles.field}>
      <Select
        className={styles.input}
        size="medium"
        value={filters.values[name]}
        onChange={(_event, { value }) => {
          filters.set(name, value);
        }}
      >
        <option value="">{t('all')}</option>
        {options.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** How far back the list goes. */
export function FilterPeriod<N extends string>(props: FilterProps<N>) {
  const options = usePeriods();
  return <FilterSelect {...props} options={options} />;
}

/** Words to look for, when Enter is pressed or the field is left. */
export function FilterText<N extends string>(props: FilterProps<N> & { placeholder?: string; isShort?: boolean }) {
  const { filters, name, label, placeholder, isShort = false } = props;
  const styles = useStyles();
  const [typed, setTyped] = useState<string>();
  const find = (text: string | undefined): void => {
    setTyped(undefined);
    if (text !== undefined && text.trim() !== filters.values[name]) filters.set(name, text.trim());
  };
  return (
    <Field label={label} size="small" className={isShort ? styles.field : styles.search}>
      <SearchBox
        className={styles.input}
        size="medium"
        {...(isShort && { contentBefore: null })}
        value={typed ?? filters.values[name]}
        {...(placeholder !== undefined && { placeholder })}
        onChange={(event, { value }) => {
          // A press on the cross is no typing: it is meant at once.
          if (event.type === 'click') find(value);
          else setTyped(value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(typed);
        }}
        onBlur={() => {
          find(typed);
        }}
      />
    </Field>
  );
}
