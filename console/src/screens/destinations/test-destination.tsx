import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
} from '@fluentui/react-components';
import { PlugConnectedCheckmarkRegular } from '@fluentui/react-icons/svg/plug-connected-checkmark';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CauseBar } from '../../parts/cause.tsx';
import { useAction } from '../../parts/use-action.ts';

/** Hands a destination a test event now, and shows what it said. */
export function TestDestination({ id }: { id: string }) {
  const { t } = useTranslation(['destinations', 'words']);
  const test = useAction(() => answer(api.POST('/v1/destinations/{id}/test', { params: { path: { id } } })));
  const { result } = test;
  return (
    <>
      <ActionButton
        icon={<PlugConnectedCheckmarkRegular />}
        isBusy={test.isBusy}
        onClick={() => {
          test.run();
        }}
      >
        {t('test')}
      </ActionButton>
      <Dialog open={result !== undefined} onOpenChange={test.reset}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t('testTitle')}</DialogTitle>
            <DialogContent>
              {result?.ok === true && (
                <MessageBar intent="success" layout="multiline">
                  <MessageBarBody>{t('testOk', { ms: result.tookMs })}</MessageBarBody>
                </MessageBar>
              )}
              {result?.cause !== undefined && <CauseBar cause={result.cause} title={t('testFailed')} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={test.reset}>{t('words:close')}</Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
