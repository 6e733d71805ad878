import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const narrow = '@media (max-width: 75rem)';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    alignItems: 'start',
    gap: tokens.spacingHorizontalXL,
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  first: { [narrow]: { order: -1 } },
  column: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, minWidth: 0 },
});

/** What a page is about, and beside it what belongs to that; on narrow screens below it, or above. */
export function Columns(props: { children: ReactNode; aside: ReactNode; isAsideFirst?: boolean }) {
  const { children, aside, isAsideFirst = false } = props;
  const styles = useStyles();
  return (
    <div className={styles.columns}>
      <div className={styles.column}>{children}</div>
      <div className={mergeClasses(styles.column, isAsideFirst && styles.first)}>{aside}</div>
    </div>
  );
}
