import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { LinkTo } from '../../parts/link-to.tsx';
import { useForm } from '../../parts/use-form.ts';
import { NotYet } from './not-yet.tsx';
import { RoundTrip, type TestMail } from './round-trip.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

/** The proof: a mail that is sent, and read where it arrives. */
export function TestMailStep({ progress }: { progress: Progress }) {
  const { t } = useTranslation('setUp');
  const [mail, setMail] = useState<TestMail>();
  return (
    <StepFrame step="test-mail" isDone={progress.isDone['test-mail']}>
      {progress.isDone['outgoing-server'] ? (
        <MailForm progress={progress} onSent={setMail} />
      ) : (
        <NotYet needs="outgoing-server" />
      )}
      {mail && <RoundTrip key={mail.id} mail={mail} />}
      {progress.isDone['test-mail'] && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('mail.finished')}</MessageBarTitle> {t('mail.finishedDetail')}{' '}
            <LinkTo to="~/console/api-keys">{t('mail.makeKey')}</LinkTo>
          </MessageBarBody>
        </MessageBar>
      )}
    </StepFrame>
  );
}

function MailForm({ progress, onSent }: { progress: Progress; onSent: (mail: TestMail) => void }) {
  const { t } = useTranslation('setUp');
  const { accounts, outgoingServers, incomingServers } = progress;
  const readers = incomingServers.filter(({ state }) => state === 'confirmed');
  const sender = accounts.find(({ id }) => id === outgoingServers.find(({ active }) => active)?.account);
  const form = useForm({
    start: {
      from: sender?.address ?? '',
      to: readers[0]?.mailbox ?? sender?.address ?? '',
      subject: t('mail.subject'),
    },
    async save({ from, to, subject }): Promise<TestMail> {
      // A subject of its own, by which it is known where it arrives: Exchange may give it another Message-ID.
      const known = `${subject} (${crypto.randomUUID().slice(0, 8)})`;
      const body = { from: from.trim(), to: to.trim(), subject: known, text: t('mail.text') };
      const sent = await answer(api.POST('/v1/messages', { body }));
      // A preview is answered to dry runs alone.
      if (!('id' in sent)) throw new TypeError('Nothing was sent.');
      const reader = readers.find(({ mailbox }) => mailbox.toLowerCase() === to.trim().toLowerCase());
      return { id: sent.id, subject: known, incomingServer: reader?.id };
    },
    after: onSent,
  });
  return (
    <FormBody form={form} submitLabel={t('mail.send')}>
      <TextField form={form} name="from" type="email" label={t('mail.from')} isRequired />
      <TextField
        form={form}
        name="to"
        type="email"
        label={t('mail.to')}
        hint={readers.length > 0 ? t('mail.toHint', { mailbox: readers[0]?.mailbox }) : t('mail.toNobodyReads')}
        isRequired
      />
      <TextField form={form} name="subject" label={t('mail.subjectLabel')} isRequired />
    </FormBody>
  );
}
