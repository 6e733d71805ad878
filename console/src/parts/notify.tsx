import { Toast, ToastBody, ToastTitle, Toaster, useToastController } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { Remedy } from './remedy.tsx';

const toaster = 'postern';

/** Where short words appear; once, around all. */
export function NotifyArea() {
  return <Toaster toasterId={toaster} position="bottom-end" pauseOnHover pauseOnWindowBlur />;
}

/** Short words about what has just been done. Errors stay until they are closed. */
export function useNotify() {
  const { t } = useTranslation('parts');
  const { dispatchToast } = useToastController(toaster);
  return {
    done(text: string): void {
      dispatchToast(
        <Toast>
          <ToastTitle>{text}</ToastTitle>
        </Toast>,
        { intent: 'success', timeout: 4_000 },
      );
    },
    failed(error: unknown): void {
      const problem = isProblem(error) ? error.problem : undefined;
      dispatchToast(
        <Toast>
          <ToastTitle>{problem?.title ?? t('unreachable')}</ToastTitle>
          <ToastBody>
            {problem?.detail ?? t('unreachableDetail')}
            {problem?.remedy !== undefined && <Remedy text={problem.remedy} />}
          </ToastBody>
        </Toast>,
        { intent: 'error', timeout: 15_000, politeness: 'assertive' },
      );
    },
  };
}
