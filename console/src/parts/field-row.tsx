import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(9rem, 100%), 1fr))',
    alignItems: 'start',
    gap: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL}`,
    // Inputs would rather overlap than be smaller than 20 letters, choices than be smaller than their longest.
    '& > *, & > * > *, & input, & select': { minWidth: 0 },
    '& input': { width: '100%' },
  },
});

/** Short fields beside each other that belong together. */
export function FieldRow({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return <div className={styles.row}>{children}</div>;
}
