import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { DoctorReport } from './doctor-report.tsx';
import { Remedy } from './remedy.tsx';

/** What went wrong, and what to do about it. */
export function ProblemBar({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation('parts');
  const problem = isProblem(error) ? error.problem : undefined;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{problem?.title ?? t('unreachable')}</MessageBarTitle>{' '}
        {problem?.detail ?? t('unreachableDetail')}
        {problem?.report ? (
          <DoctorReport report={problem.report} />
        ) : (
          problem?.remedy !== undefined && <Remedy text={problem.remedy} />
        )}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button onClick={retry}>{t('retry')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
