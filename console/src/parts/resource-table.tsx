import {
  Button,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { List } from '../api/reading.ts';
import { Outline } from './loaded.tsx';
import { ProblemBar } from './problem-bar.tsx';

export interface Column<T> {
  readonly name: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** Of the table's width, as CSS says it; left out: an equal share of what is left. */
  readonly width?: string;
}

const narrow = '@media (max-width: 48rem)';

const useStyles = makeStyles({
  // On a narrow screen every row becomes a card, each cell under its heading.
  table: { [narrow]: { display: 'block' } },
  header: {
    [narrow]: { position: 'absolute', clipPath: 'inset(50%)', overflow: 'hidden', width: '1px', height: '1px' },
  },
  body: { [narrow]: { display: 'block' } },
  row: { [narrow]: { display: 'block', paddingBlock: tokens.spacingVerticalS } },
  cell: {
    paddingBlock: tokens.spacingVerticalSNudge,
    height: '44px',
    overflowWrap: 'anywhere',
    [narrow]: {
      display: 'grid',
      gridTemplateColumns: '8.5rem 1fr',
      alignItems: 'baseline',
      justifyItems: 'start',
      width: 'auto !important',
      height: 'auto',
      ':empty': { display: 'none' },
      '& > *': { gridColumn: '2' },
      '::before': { content: 'attr(data-header)', color: tokens.colorNeutralForeground3 },
    },
  },
  first: { fontWeight: tokens.fontWeightSemibold, [narrow]: { display: 'block', '::before': { content: 'none' } } },
  more: { alignSelf: 'center' },
});

/**
 * A list of the API as a table. The first cell names the row and is where its link stands. `empty` is what to show, and to
 * do, where there are no rows.
 */
export function ResourceTable<T>(props: {
  label: string;
  list: List<T>;
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  empty: ReactNode;
}) {
  const { label, list, columns, keyOf, empty } = props;
  const styles = useStyles();
  const { t } = useTranslation('parts');
  if (list.rows === undefined) {
    return list.error === null ? <Outline lines={6} /> : <ProblemBar error={list.error} retry={list.retry} />;
  }
  if (list.rows.length === 0 && !list.hasMore) return empty;
  return (
    <>
      <Table aria-label={label} role="table" className={styles.table}>
        <TableHeader role="rowgroup" className={styles.header}>
          <TableRow role="row">
            {columns.map(({ name, header, width }) => (
              <TableHeaderCell key={name} role="columnheader" style={{ width }}>
                {header}
              </TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody role="rowgroup" className={styles.body}>
          {list.rows.map((row) => (
            <TableRow key={keyOf(row)} role="row" className={styles.row}>
              {columns.map(({ name, header, cell, width }, index) => (
                <TableCell
                  key={name}
                  role="cell"
                  data-header={header}
                  style={{ width }}
                  className={mergeClasses(styles.cell, index === 0 && styles.first)}
                >
                  {cell(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {list.hasMore && list.rows.length === 0 && <Text>{t('noneAmongNewest')}</Text>}
      {list.hasMore && (
        <Button className={styles.more} disabledFocusable={list.isLoadingMore} onClick={list.loadMore}>
          {list.isLoadingMore ? t('loading') : t('loadMore')}
        </Button>
      )}
    </>
  );
}
