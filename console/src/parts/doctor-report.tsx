import { Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ErrorCircleFilled } from '@fluentui/react-icons/svg/error-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { useTranslation } from 'react-i18next';
import type { components } from '../api/schema.d.ts';
import { Remedy } from './remedy.tsx';
import { Time } from './time.tsx';

export type Report = components['schemas']['Report'];
export type Leg = Report['legs'][number];

const useStyles = makeStyles({
  report: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  legs: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  leg: { display: 'grid', gridTemplateColumns: '28px 1fr', alignItems: 'start' },
  icon: { fontSize: '20px', lineHeight: 1, color: tokens.colorNeutralForeground3 },
  passed: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  words: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const icons = {
  passed: <CheckmarkCircleFilled />,
  failed: <ErrorCircleFilled />,
  'not-reached': <CircleRegular />,
  skipped: <SubtractCircleRegular />,
};

/** What a test of a mailbox found, leg by leg: what works, what does not, who must act, and how it is mended. */
export function DoctorReport({ report }: { report: Report }) {
  const styles = useStyles();
  const { t } = useTranslation('parts');
  return (
    <div className={styles.report}>
      <Text weight="semibold">{report.summary}</Text>
      <Legs legs={report.legs} />
      <Text size={200} className={styles.quiet}>
        {t('checked')} <Time at={report.checkedAt} />
      </Text>
    </div>
  );
}

/** The legs that were gone so far. */
export function Legs({ legs }: { legs: readonly Leg[] }) {
  const styles = useStyles();
  const { t } = useTranslation(['parts', 'words']);
  return (
    <ol className={styles.legs}>
      {legs.map(({ leg, status, detail, cause, actor, remedy }) => (
        <li key={leg} className={styles.leg}>
          <span
            className={mergeClasses(
              styles.icon,
              status === 'passed' && styles.passed,
              status === 'failed' && styles.failed,
            )}
            aria-hidden
          >
            {icons[status]}
          </span>
          <div className={styles.words}>
            <span>
              <Text weight="semibold">{t(`words:leg.${leg}`)}</Text>{' '}
              <Text className={styles.quiet}>{t(`words:legStatus.${status}`)}</Text>
            </span>
            {status !== 'not-reached' && <Text className={styles.quiet}>{detail}</Text>}
            {cause !== undefined && <Text>{cause}</Text>}
            {actor !== undefined && <Text>{t('whoActs', { who: t(`words:actor.${actor}`) })}</Text>}
            {remedy !== undefined && <Remedy text={remedy} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
