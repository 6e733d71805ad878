import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { Button, Tag, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { ReOrderDotsVerticalRegular } from '@fluentui/react-icons/svg/re-order-dots-vertical';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { LinkTo } from '../../parts/link-to.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { ServerBadges } from './server-badges.tsx';

const narrow = '@media (max-width: 48rem)';

const useStyles = makeStyles({
  item: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 2fr) minmax(0, 3fr) minmax(0, 2fr) auto',
    gridTemplateAreas: '"handle name filter state buttons"',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    [narrow]: {
      gridTemplateColumns: 'auto minmax(0, 1fr) auto',
      gridTemplateAreas: '"handle name buttons" ". filter filter" ". state state"',
    },
  },
  dragged: { position: 'relative', zIndex: 1, boxShadow: tokens.shadow16, borderRadius: tokens.borderRadiusMedium },
  handle: { gridArea: 'handle', cursor: 'grab', touchAction: 'none' },
  name: { gridArea: 'name', display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  link: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground3 },
  filter: { gridArea: 'filter', minWidth: 0 },
  state: { gridArea: 'state' },
  buttons: { gridArea: 'buttons', display: 'flex' },
});

/** How many of the From filter's entries are shown; of the others, how many they are. */
const shownTags = 3;

export function RankedServer(props: {
  server: Row<'/v1/outgoing-servers'>;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
}) {
  const { server, isFirst, isLast, onMove } = props;
  const { id, name, priority, fromFilter, host, username } = server;
  const styles = useStyles();
  const { t } = useTranslation('outgoingServers');
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  return (
    <li
      ref={setNodeRef}
      className={mergeClasses(styles.item, isDragging && styles.dragged)}
      style={{ transform: CSS.Transform.toString(transform), transition }}
    >
      <Button
        ref={setActivatorNodeRef}
        className={styles.handle}
        appearance="transparent"
        size="small"
        icon={<ReOrderDotsVerticalRegular />}
        {...attributes}
        {...listeners}
        aria-roledescription={t('draggable')}
        aria-label={t('drag', { name })}
      />
      <span className={styles.name}>
        <span className={styles.link}>
          <LinkTo to={`/${id}`}>{name}</LinkTo>
        </span>
        <Text size={200} className={styles.quiet}>
          {t('priorityIs', { priority })} · {username ?? host}
        </Text>
      </span>
      <div className={styles.filter}>
        <Line>
          {fromFilter.length === 0 && <Text className={styles.quiet}>{t('anyFrom')}</Text>}
          {fromFilter.slice(0, shownTags).map((entry) => (
            <Tag key={entry} size="small" appearance="outline">
              {entry}
            </Tag>
          ))}
          {fromFilter.length > shownTags && (
            <Text className={styles.quiet}>{t('moreEntries', { count: fromFilter.length - shownTags })}</Text>
          )}
        </Line>
      </div>
      <div className={styles.state}>
        <Line>
          <ServerBadges server={server} />
        </Line>
      </div>
      <span className={styles.buttons}>
        <Button
          appearance="subtle"
          icon={<ArrowUpRegular />}
          aria-label={t('moveUp', { name })}
          disabledFocusable={isFirst}
          onClick={() => {
            onMove(-1);
          }}
        />
        <Button
          appearance="subtle"
          icon={<ArrowDownRegular />}
          aria-label={t('moveDown', { name })}
          disabledFocusable={isLast}
          onClick={() => {
            onMove(1);
          }}
        />
      </span>
    </li>
  );
}
