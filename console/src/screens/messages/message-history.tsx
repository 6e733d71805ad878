import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { Time } from '../../parts/time.tsx';
import { MessageStatusBadge, type Message } from './message-status.tsx';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  entry: {
    display: 'grid',
    gridTemplateColumns: '9rem 8rem minmax(0, 1fr)',
    alignItems: 'start',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    '@media (max-width: 40rem)': { gridTemplateColumns: '1fr auto' },
  },
  detail: { overflowWrap: 'anywhere', '@media (max-width: 40rem)': { gridColumn: '1 / -1' } },
  badge: { justifySelf: 'start', '@media (max-width: 40rem)': { justifySelf: 'end' } },
});

/** Every step of a message, the last one first. */
export function MessageHistory({ history }: Pick<Message, 'history'>) {
  const styles = useStyles();
  return (
    <ol reversed className={styles.list}>
      {history.toReversed().map(({ at, status, detail }, index) => (
        <li key={history.length - index} className={styles.entry}>
          <Time at={at} />
          <span className={styles.badge}>
            <MessageStatusBadge status={status} />
          </span>
          {detail !== undefined && <Text className={styles.detail}>{detail}</Text>}
        </li>
      ))}
    </ol>
  );
}
