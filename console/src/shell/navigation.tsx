import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { screens } from './screens.tsx';

const useStyles = makeStyles({
  groups: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  group: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    margin: 0,
    padding: 0,
    listStyle: 'none',
    ':not(:first-child)': {
      paddingTop: tokens.spacingVerticalM,
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  item: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `8px ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    lineHeight: '20px',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover, color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    '::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: 0,
      insetBlock: '9px',
      width: '3px',
      borderRadius: '2px',
      backgroundColor: tokens.colorCompoundBrandBackground,
    },
  },
  icon: { fontSize: '20px', lineHeight: 0 },
});

/** The ways to every screen. */
export function Navigation({ onNavigated }: { onNavigated?: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const [location] = useLocation();
  return (
    <nav aria-label={t('navigation')} className={styles.groups}>
      {screens.map((group) => (
        <ul key={group[0]?.name} className={styles.group}>
          {group.map(({ name, path, icon }) => {
            const isCurrent = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
            return (
              <li key={name}>
                <Link
                  to={path}
                  className={mergeClasses(styles.item, isCurrent && styles.current)}
                  {...(isCurrent && { 'aria-current': 'page' })}
                  {...(onNavigated && { onClick: onNavigated })}
                >
                  <span className={styles.icon} aria-hidden>
                    {icon}
                  </span>
                  {t(`screen.${name}`)}
                </Link>
              </li>
            );
          })}
        </ul>
      ))}
    </nav>
  );
}
