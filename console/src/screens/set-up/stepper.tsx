import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { steps, type Step } from './steps.ts';

const narrow = '@media (max-width: 64rem)';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    margin: 0,
    padding: 0,
    listStyle: 'none',
    [narrow]: { flexDirection: 'row', justifyContent: 'space-between' },
  },
  step: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    [narrow]: { padding: tokens.spacingHorizontalXS },
  },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  sign: {
    flexShrink: 0,
    display: 'grid',
    placeItems: 'center',
    boxSizing: 'border-box',
    width: '28px',
    height: '28px',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: 1,
  },
  signDone: {
    border: 'none',
    backgroundColor: tokens.colorStatusSuccessBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  signCurrent: {
    border: 'none',
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  name: { [narrow]: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' } },
});

/** All steps, which are done, and which one this is. */
export function Stepper({ current, isDone }: { current: Step; isDone: Readonly<Record<Step, boolean>> }) {
  const styles = useStyles();
  const { t } = useTranslation('setUp');
  return (
    <nav aria-label={t('steps')}>
      <ol className={styles.list}>
        {steps.map((step, index) => (
          <li key={step}>
            <Link
              to={`/${step}`}
              className={mergeClasses(styles.step, step === current && styles.current)}
              {...(step === current && { 'aria-current': 'step' })}
            >
              <span
                aria-hidden
                className={mergeClasses(
                  styles.sign,
                  isDone[step] && styles.signDone,
                  step === current && styles.signCurrent,
                )}
              >
                {isDone[step] ? <CheckmarkRegular fontSize={16} /> : index + 1}
              </span>
              <span className={styles.name}>
                {t(`step.${step}.name`)}
                {isDone[step] && <span style={{ position: 'absolute', clipPath: 'inset(50%)' }}> {t('done')}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
