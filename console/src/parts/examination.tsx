import { makeStyles, tokens } from '@fluentui/react-components';
import { StethoscopeRegular } from '@fluentui/react-icons/svg/stethoscope';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { examine, type TestPath } from '../api/examine.ts';
import { ActionButton } from './action-button.tsx';
import { DoctorReport, Legs, type Leg, type Report } from './doctor-report.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { useAction } from './use-action.ts';

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', alignItems: 'stretch', gap: tokens.spacingVerticalM },
  button: { alignSelf: 'flex-start' },
});

/** "Test Connection": the legs as they pass, then the report; before, the report of the last test, where there was one. */
export function Examination(props: {
  path: TestPath;
  id: string;
  lastTest?: Report | undefined;
  appearance?: 'primary' | 'secondary';
  onEnd?: (report: Report) => void;
}) {
  const { path, id, lastTest, appearance = 'secondary', onEnd } = props;
  const styles = useStyles();
  const { t } = useTranslation('words');
  const [legs, setLegs] = useState<readonly Leg[]>([]);
  const test = useAction(
    () => {
      setLegs([]);
      return examine(path, id, (leg) => {
        setLegs((before) => {
          // Told of again, it has become this.
          const place = before.findIndex((each) => each.leg === leg.leg);
          return place < 0 ? [...before, leg] : before.with(place, leg);
        });
      });
    },
    { showsError: true, ...(onEnd && { after: onEnd }) },
  );
  const report = test.result ?? lastTest;
  return (
    <div className={styles.whole}>
      <div className={styles.button}>
        <ActionButton
          appearance={appearance}
          icon={<StethoscopeRegular />}
          isBusy={test.isBusy}
          onClick={() => {
            test.run();
          }}
        >
          {t('testConnection')}
        </ActionButton>
      </div>
      <div role="status">
        {test.isBusy ? <Legs legs={legs} /> : report && test.error === null && <DoctorReport report={report} />}
      </div>
      {test.error !== null && <ProblemBar error={test.error} />}
    </div>
  );
}
