import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { StateBadge, type StateKind } from '../../parts/state-badge.tsx';
import type { Message } from './message-status.tsx';

const kinds: Record<Message['recipients'][number]['status'], StateKind> = {
  waiting: 'idle',
  sent: 'good',
  refused: 'bad',
  bounced: 'bad',
};

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, padding: 0, listStyle: 'none' },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    paddingBlock: tokens.spacingVerticalS,
    ':not(:last-child)': { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  address: { flex: '1 1 14rem', overflowWrap: 'anywhere', fontWeight: tokens.fontWeightSemibold },
  reply: { flexBasis: '100%', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** What became of a message for each of its recipients, with what the server said. */
export function Recipients({ message }: { message: Message }) {
  const styles = useStyles();
  const { t } = useTranslation('messages');
  return (
    <ul className={styles.list}>
      {message.recipients.map(({ address, status, reply, code }) => (
        <li key={address} className={styles.item}>
          <span className={styles.address}>{address}</span>
          <StateBadge kind={kinds[status]}>{t(`recipientStatus.${status}`)}</StateBadge>
          {reply !== undefined && (
            <Text font="monospace" size={200} className={styles.reply}>
              {reply}
              {code !== undefined && !reply.includes(code) && ` (${code})`}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
