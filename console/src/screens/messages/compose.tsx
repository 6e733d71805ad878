import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { useNames } from '../../api/names.ts';
import type { components } from '../../api/schema.d.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { DateTimeField } from '../../parts/date-time-field.tsx';
import { AreaField, SelectField, TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { DryRun } from './dry-run.tsx';

type Preview = components['schemas']['MessagePreview'];

interface Draft {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly outgoingServer: string;
  readonly scheduledAt: string;
}

/** A mail written by hand, to see whether and how it goes out; a dry run tells that without sending it. */
export function Compose() {
  const { t } = useTranslation('messages');
  const [, navigate] = useLocation();
  const servers = useNames('/v1/outgoing-servers');
  const [tried, setTried] = useState<{ draft: Draft; preview: Preview }>();
  const [start] = useState<Draft>(() => ({
    from: '',
    to: [],
    subject: t('testSubject'),
    text: t('testText'),
    outgoingServer: '',
    scheduledAt: '',
  }));
  const form = useForm({
    start,
    save: (draft) => answer(api.POST('/v1/messages', { body: bodyOf(draft) })),
    async dryRun(draft) {
      const query = { dryRun: 'true' as const };
      const preview = await answer(api.POST('/v1/messages', { params: { query }, body: bodyOf(draft) }));
      if ('why' in preview) setTried({ draft, preview });
    },
    done: t('handedOver'),
    after: (message) => {
      if ('id' in message) navigate(`/${message.id}`);
    },
  });
  const isOfThis = tried !== undefined && JSON.stringify(tried.draft) === JSON.stringify(form.values);
  return (
    <Page title={t('compose')} description={t('composeDetail')} back={{ to: '/', label: t('title') }}>
      <Section>
        <FormBody
          form={form}
          submitLabel={t('send')}
          otherActions={
            <ActionButton isBusy={form.isTrying} onClick={form.tryOut}>
              {t('dryRun')}
            </ActionButton>
          }
        >
          <TextField form={form} name="from" label={t('from')} hint={t('fromHint')} />
          <TagsField form={form} name="to" label={t('to')} hint={t('toHint')} isRequired />
          <TextField form={form} name="subject" label={t('subject')} />
          <AreaField form={form} name="text" label={t('text')} />
          <SelectField
            form={form}
            name="outgoingServer"
            label={t('outgoingServer')}
            hint={t('outgoingServerHint')}
            options={[{ value: '', label: t('automatic') }, ...servers.options]}
          />
          <DateTimeField form={form} name="scheduledAt" label={t('scheduledAt')} hint={t('scheduledAtHint')} />
        </FormBody>
      </Section>
      <div role="status">{isOfThis && <DryRun preview={tried.preview} />}</div>
    </Page>
  );
}

function bodyOf({ from, to, subject, text, outgoingServer, scheduledAt }: Draft) {
  return {
    ...(from !== '' && { from }),
    to: [...to],
    subject,
    text,
    ...(outgoingServer !== '' && { outgoingServer }),
    ...(scheduledAt !== '' && { scheduledAt }),
  };
}
