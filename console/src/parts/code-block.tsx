import { makeStyles, tokens } from '@fluentui/react-components';
import { CopyButton } from './copy-button.tsx';

const useStyles = makeStyles({
  block: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS} ${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
  },
  code: {
    flexGrow: 1,
    minWidth: 0,
    margin: 0,
    fontFamily: 'ui-monospace, Consolas, monospace',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});

/** Something to paste into a terminal, as it is. `what` names it for the copy button. */
export function CodeBlock({ text, what }: { text: string; what: string }) {
  const styles = useStyles();
  return (
    <div className={styles.block}>
      <pre className={styles.code}>{text}</pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
