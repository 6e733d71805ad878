import { Body1, Subtitle2, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  empty: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
    textAlign: 'center',
  },
  icon: { fontSize: '40px', lineHeight: 1, color: tokens.colorBrandForeground1 },
  text: { maxWidth: '34rem', textAlign: 'center', color: tokens.colorNeutralForeground2 },
});

/** Where there is nothing yet: what would be here, and the button that makes it so. */
export function EmptyState(props: { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.empty}>
      <span className={styles.icon} aria-hidden>
        {props.icon}
      </span>
      <Subtitle2 as="h2" style={{ margin: 0 }}>
        {props.title}
      </Subtitle2>
      <Body1 className={styles.text}>{props.children}</Body1>
      {props.action}
    </div>
  );
}
