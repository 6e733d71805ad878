import { Button } from '@fluentui/react-components';
import { CalendarClockRegular } from '@fluentui/react-icons/svg/calendar-clock';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { DateTimeField } from '../../parts/date-time-field.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { useForm } from '../../parts/use-form.ts';
import type { Message } from './message-status.tsx';

/** Gives a message that waits another time. */
export function Reschedule({ message }: { message: Message }) {
  const { t } = useTranslation('messages');
  return (
    <FormDialog label={t('reschedule')} icon={<CalendarClockRegular />} title={t('rescheduleTitle')}>
      {(close) => <RescheduleForm message={message} close={close} />}
    </FormDialog>
  );
}

function RescheduleForm({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation(['messages', 'words', 'parts']);
  const form = useForm({
    start: { scheduledAt: message.scheduledAt ?? '' },
    save: ({ scheduledAt }) =>
      answer(
        api.PATCH('/v1/messages/{id}', {
          params: { path: { id: message.id } },
          body: { scheduledAt: scheduledAt === '' ? null : scheduledAt },
        }),
      ),
    done: t('rescheduled'),
    after: close,
  });
  return (
    <FormBody
      form={form}
      submitLabel={t('reschedule')}
      otherActions={<Button onClick={close}>{t('parts:cancel')}</Button>}
    >
      <DateTimeField form={form} name="scheduledAt" label={t('scheduledAt')} hint={t('scheduledAtHint')} />
    </FormBody>
  );
}
