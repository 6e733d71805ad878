import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch } from 'wouter';
import { Outline } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { AccountStep } from './account-step.tsx';
import { AppStep } from './app-step.tsx';
import { DestinationStep } from './destination-step.tsx';
import { IncomingStep } from './incoming-step.tsx';
import { OutgoingStep } from './outgoing-step.tsx';
import { Stepper } from './stepper.tsx';
import { steps, useProgress, type Step } from './steps.ts';
import { TestMailStep } from './test-mail-step.tsx';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: '15rem minmax(0, 1fr)',
    alignItems: 'start',
    gap: tokens.spacingHorizontalXXL,
    '@media (max-width: 64rem)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
});

const components = {
  app: AppStep,
  account: AccountStep,
  'outgoing-server': OutgoingStep,
  'incoming-server': IncomingStep,
  destination: DestinationStep,
  'test-mail': TestMailStep,
} as const;

/** The path from nothing to a mail that came round. It goes on where it was left; every step has an address. */
export default function SetUp() {
  const { t } = useTranslation('setUp');
  const styles = useStyles();
  const { progress, error, retry } = useProgress();
  return (
    <Page title={t('title')} description={t('description')}>
      {error !== null && <ProblemBar error={error} retry={retry} />}
      {error === null && progress === undefined && <Outline lines={6} />}
      {progress && (
        <Switch>
          {steps.map((step: Step) => {
            const Component = components[step];
            return (
              <Route key={step} path={`/${step}`}>
                <div className={styles.columns}>
                  <Stepper current={step} isDone={progress.isDone} />
                  <Component progress={progress} />
                </div>
              </Route>
            );
          })}
          <Route>
            <Redirect to={`/${progress.next}`} replace />
          </Route>
        </Switch>
      )}
    </Page>
  );
}
