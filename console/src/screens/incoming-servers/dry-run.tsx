import { Field, Input } from '@fluentui/react-components';
import { BeakerRegular } from '@fluentui/react-icons/svg/beaker';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import type { Row } from '../../api/reading.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Section } from '../../parts/section.tsx';
import { useAction } from '../../parts/use-action.ts';
import { DryRunAnswer } from './dry-run-answer.tsx';

const fields = ['from', 'to', 'subject'] as const;

/** What these rules would do about a message. Nothing is changed or delivered. */
export function DryRun({ id, rules }: { id: string; rules: Row<'/v1/incoming-servers'>['rules'] }) {
  const { t } = useTranslation('incomingServers');
  const [message, setMessage] = useState({ from: '', to: '', subject: '' });
  const trying = useAction(
    () => {
      const given = Object.fromEntries(Object.entries(message).filter(([, text]) => text !== ''));
      const params = { path: { id } };
      return answer(api.POST('/v1/incoming-servers/{id}/resolve', { params, body: { message: given, rules } }));
    },
    { showsError: true },
  );
  const said = isProblem(trying.error) ? (trying.error.problem.errors ?? []) : [];
  const complaintAt = (pointer: string): string =>
    said
      .filter((each) => each.pointer.startsWith(pointer))
      .map(({ detail }) => detail)
      .join(' ');
  const isOfFields = said.length > 0 && said.every(({ pointer }) => pointer.startsWith('/message/'));
  return (
    <Section title={t('dryRun')} description={t('dryRunDescription')}>
      <form
        noValidate
        style={{ display: 'contents' }}
        onSubmit={(event) => {
          event.preventDefault();
          trying.run();
        }}
      >
        {fields.map((name) => {
          const complaint = complaintAt(`/message/${name}`);
          return (
            <Field
              key={name}
              label={t(`dryRunFields.${name}`)}
              {...(complaint !== '' && { validationState: 'error', validationMessage: complaint })}
            >
              <Input
                value={message[name]}
                autoComplete="off"
                onChange={(_event, { value }) => {
                  setMessage({ ...message, [name]: value });
                }}
              />
            </Field>
          );
        })}
        <div>
          <ActionButton type="submit" icon={<BeakerRegular />} isBusy={trying.isBusy}>
            {t('try')}
          </ActionButton>
        </div>
      </form>
      <div role="status">{trying.result && <DryRunAnswer found={trying.result} />}</div>
      {trying.error !== null && !isOfFields && <ProblemBar error={trying.error} />}
    </Section>
  );
}
