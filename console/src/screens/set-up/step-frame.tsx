import { makeStyles, tokens } from '@fluentui/react-components';
import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';
import { steps, type Step } from './steps.ts';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXL, maxWidth: '36rem' },
  ways: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    paddingTop: tokens.spacingVerticalL,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

/** One step: what it is for, its content, and the ways on and back. */
export function StepFrame(props: { step: Step; isDone: boolean; isOptional?: boolean; children: ReactNode }) {
  const { step, isDone, isOptional = false, children } = props;
  const styles = useStyles();
  const { t } = useTranslation(['setUp', 'words', 'shell']);
  const place = steps.indexOf(step);
  const [before, next] = [steps[place - 1], steps[place + 1]];
  return (
    <Section
      title={t('stepOf', { number: place + 1, all: steps.length, name: t(`step.${step}.title`) })}
      description={t(`step.${step}.description`)}
    >
      <div className={styles.content}>
        {children}
        {(before ?? (next && (isDone || isOptional))) && (
          <div className={styles.ways}>
            {next && (isDone || isOptional) && (
              <ButtonTo to={`/${next}`} appearance={isDone ? 'primary' : 'secondary'} icon={<ArrowRightRegular />}>
                {isDone ? t('words:continue') : t('skip')}
              </ButtonTo>
            )}
            {!next && isDone && (
              <ButtonTo to="~/console/" appearance="primary">
                {t('shell:toOverview')}
              </ButtonTo>
            )}
            {before && (
              <ButtonTo to={`/${before}`} appearance="subtle">
                {t('words:back')}
              </ButtonTo>
            )}
          </div>
        )}
      </div>
    </Section>
  );
}
