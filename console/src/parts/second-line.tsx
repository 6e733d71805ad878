import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  line: {
    display: 'block',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightRegular,
  },
});

/** What a cell of a table says besides, quietly, under what it says first. */
export function SecondLine({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return <span className={styles.line}>{children}</span>;
}
