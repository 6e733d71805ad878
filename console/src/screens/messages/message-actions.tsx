import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { DismissCircleRegular } from '@fluentui/react-icons/svg/dismiss-circle';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { useAction } from '../../parts/use-action.ts';
import { isRetryable, isWaiting, type Message } from './message-status.tsx';
import { Reschedule } from './reschedule.tsx';

/** What can be done about a message as it is now. */
export function MessageActions({ message }: { message: Message }) {
  const { t } = useTranslation('messages');
  const confirm = useConfirm();
  const { id, status } = message;
  const path = { id };
  const retry = useAction(
    () =>
      answer(
        api.POST('/v1/messages/{id}/retry', {
          params: { path, query: status === 'unknown' ? { evenIfSent: 'true' } : {} },
        }),
      ),
    { done: t('retried') },
  );
  const cancel = useAction(() => answer(api.POST('/v1/messages/{id}/cancel', { params: { path } })), {
    done: t('cancelled'),
  });
  const retryOrAsk = async (): Promise<void> => {
    const question = { title: t('retryUnknown'), text: t('retryUnknownText'), action: t('retry') };
    if (status !== 'unknown' || (await confirm(question))) retry.run();
  };
  const askToCancel = async (): Promise<void> => {
    if (await confirm({ title: t('cancelTitle'), text: t('cancelText'), action: t('cancel') })) cancel.run();
  };
  return (
    <>
      {isRetryable(message) && (
        <ActionButton
          appearance="primary"
          icon={<ArrowClockwiseRegular />}
          isBusy={retry.isBusy}
          onClick={() => void retryOrAsk()}
        >
          {t('retry')}
        </ActionButton>
      )}
      {isWaiting(message) && (
        <>
          <Reschedule message={message} />
          <ActionButton icon={<DismissCircleRegular />} isBusy={cancel.isBusy} onClick={() => void askToCancel()}>
            {t('cancel')}
          </ActionButton>
        </>
      )}
    </>
  );
}
