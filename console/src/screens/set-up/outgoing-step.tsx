import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { Row } from '../../api/reading.ts';
import { Examination } from '../../parts/examination.tsx';
import { TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { AccountChoice } from './account-choice.tsx';
import { NotYet } from './not-yet.tsx';
import { Another } from './another.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

const useStyles = makeStyles({
  server: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
});

/** A way to send. */
export function OutgoingStep({ progress: { accounts, outgoingServers, isDone } }: { progress: Progress }) {
  const styles = useStyles();
  const { t } = useTranslation(['setUp', 'words']);
  const connected = accounts.filter(({ state }) => state === 'connected');
  return (
    <StepFrame step="outgoing-server" isDone={isDone['outgoing-server']}>
      {outgoingServers.map(({ id, name, fromFilter, lastTest }) => (
        <div key={id} className={styles.server}>
          <Text weight="semibold">{name}</Text>
          <Text>
            {fromFilter.length === 0 ? t('outgoing.anyFrom') : t('outgoing.sendsAs', { from: fromFilter.join(', ') })}
          </Text>
          <Examination path="/v1/outgoing-servers/{id}/test" id={id} lastTest={lastTest} />
        </div>
      ))}
      <Another key={outgoingServers.length} isFirst={outgoingServers.length === 0} label={t('outgoing.another')}>
        {connected.length === 0 ? <NotYet needs="account" /> : <OutgoingForm accounts={connected} />}
      </Another>
    </StepFrame>
  );
}

function OutgoingForm({ accounts }: { accounts: readonly Row<'/v1/accounts'>[] }) {
  const { t } = useTranslation(['setUp', 'words']);
  const [chosen, setChosen] = useState(accounts[0]?.id ?? '');
  const address = accounts.find(({ id }) => id === chosen)?.address ?? '';
  const form = useForm({
    start: { name: address.split('@')[0] ?? '', fromFilter: [address] as readonly string[] },
    save: ({ name, fromFilter }) =>
      answer(
        api.POST('/v1/outgoing-servers', {
          body: { auth: 'outlook', account: chosen, name, fromFilter: [...fromFilter] },
        }),
      ),
  });
  return (
    <FormBody form={form} submitLabel={t('outgoing.add')}>
      <AccountChoice accounts={accounts} chosen={chosen} onChoose={setChosen} />
      <TextField form={form} name="name" label={t('words:name')} isRequired />
      <TagsField
        form={form}
        name="fromFilter"
        label={t('words:fromFilter')}
        hint={t('outgoing.fromFilterHint')}
        placeholder="contoso.com"
      />
    </FormBody>
  );
}
