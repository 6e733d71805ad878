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
  const { t } = useTranslation(['parts', 'words']);
  return (
    <div className={styles.report}>
      <Text weight="semibold">{report.summary}</Text>
      <ol className={styles.legs}>
        {report.legs.map((leg) => (
          <li key={leg.leg} className={styles.leg}>
            <span
              className={mergeClasses(
                styles.icon,
                leg.status === 'passed' && styles.passed,
                leg.status === 'failed' && styles.failed,
              )}
              aria-hidden
            >
              {icons[leg.status]}
            </span>
            <div className={styles.words}>
              <span>
                <Text weight="semibold">{t(`words:leg.${leg.leg}`)}</Text>{' '}
                <Text className={styles.quiet}>{t(`words:legStatus.${leg.status}`)}</Text>
              </span>
              {leg.status !== 'not-reached' && <Text className={styles.quiet}>{leg.detail}</Text>}
              {leg.cause !== undefined && <Text>{leg.cause}</Text>}
              {leg.actor !== undefined && <Text>{t('whoActs', { who: t(`words:actor.${leg.actor}`) })}</Text>}
              {leg.remedy !== undefined && <Remedy text={leg.remedy} />}
            </div>
          </li>
        ))}
      </ol>
      <Text size={200} className={styles.quiet}>
        {t('checked')} <Time at={report.checkedAt} />
      </Text>
    </div>
  );
}
