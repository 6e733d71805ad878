import { Button } from '@fluentui/react-components';
import { ArrowRepeatAllRegular } from '@fluentui/react-icons/svg/arrow-repeat-all';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { DestinationsField } from '../../parts/destinations-field.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useForm } from '../../parts/use-form.ts';
import type { ReceivedMessage } from './received-status.tsx';

/** What can be done about a received mail as it is now. */
export function ReceivedActions({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('received');
  const { id, status, reason } = mail;
  const drop = useAction(() => answer(api.POST('/v1/received/{id}/drop', { params: { path: { id } } })), {
    done: t('dropped'),
  });
  return (
    <>
      {reason?.kind !== 'unreadable' && (
        <FormDialog
          label={t('replay')}
          icon={<ArrowRepeatAllRegular />}
          appearance={status === 'parked' ? 'primary' : 'secondary'}
          title={t('replayTitle')}
        >
          {(close) => <ReplayForm id={id} close={close} />}
        </FormDialog>
      )}
      {status === 'parked' && (
        <ActionButton
          icon={<DeleteRegular />}
          isBusy={drop.isBusy}
          onClick={() => {
            drop.run();
          }}
        >
          {t('drop')}
        </ActionButton>
      )}
    </>
  );
}

function ReplayForm({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation(['received', 'parts']);
  const form = useForm({
    start: { destinations: [] as readonly string[] },
    save: ({ destinations }) =>
      answer(
        api.POST('/v1/received/{id}/replay', {
          params: { path: { id } },
          body: destinations.length > 0 ? { destinations: [...destinations] } : {},
        }),
      ),
    done: t('replayed'),
    after: close,
  });
  return (
    <FormBody form={form} submitLabel={t('replay')} otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}>
      <DestinationsField form={form} name="destinations" label={t('destinations')} hint={t('destinationsHint')} />
    </FormBody>
  );
}
