import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge, type StateKind } from '../../parts/state-badge.tsx';

/** A thing as the overview tells of it. */
export interface CardRow {
  readonly id: string;
  readonly name: string;
  readonly to: string;
  readonly kind: StateKind;
  readonly state: string;
  readonly facts: ReactNode;
}

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, padding: 0, listStyle: 'none' },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ':not(:first-child)': { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  words: { display: 'flex', flexDirection: 'column', overflowWrap: 'anywhere' },
  facts: { color: tokens.colorNeutralForeground2 },
});

/** As many as one takes in at a glance; what needs somebody comes first. */
const shownAtMost = 6;
const order: readonly StateKind[] = ['bad', 'warning', 'busy', 'idle', 'good'];

/** The things of one kind with their states, or where there are none, what that means. */
export function CardList(props: { title: string; to: string; rows: readonly CardRow[]; none: string }) {
  const { title, to, rows, none } = props;
  const styles = useStyles();
  const { t } = useTranslation('overview');
  const shown = rows
    .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind) || one.name.localeCompare(other.name))
    .slice(0, shownAtMost);
  return (
    <Section title={title} actions={<LinkTo to={`~/console${to}`}>{t('all', { count: rows.length })}</LinkTo>}>
      {rows.length === 0 ? (
        <Text className={styles.facts}>{none}</Text>
      ) : (
        <ul className={styles.list}>
          {shown.map((row) => (
            <li key={row.id} className={styles.row}>
              <span className={styles.words}>
                <LinkTo to={`~/console${row.to}`}>{row.name}</LinkTo>
                <Text size={200} className={styles.facts}>
                  {row.facts}
                </Text>
              </span>
              <StateBadge kind={row.kind}>{row.state}</StateBadge>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
