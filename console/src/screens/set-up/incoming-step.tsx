import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { Row } from '../../api/reading.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useForm } from '../../parts/use-form.ts';
import { AccountChoice } from './account-choice.tsx';
import { NotYet } from './not-yet.tsx';
import { Another } from './another.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

const useStyles = makeStyles({
  server: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

type Server = Row<'/v1/incoming-servers'>;

/** A mailbox to read. */
export function IncomingStep({ progress: { accounts, incomingServers, isDone } }: { progress: Progress }) {
  const { t } = useTranslation('setUp');
  const connected = accounts.filter(({ state }) => state === 'connected');
  return (
    <StepFrame step="incoming-server" isDone={isDone['incoming-server']}>
      {incomingServers.map((server) => (
        <ServerToConfirm key={server.id} server={server} />
      ))}
      <Another key={incomingServers.length} isFirst={incomingServers.length === 0} label={t('incoming.another')}>
        {connected.length === 0 ? <NotYet needs="account" /> : <IncomingForm accounts={connected} />}
      </Another>
    </StepFrame>
  );
}

const kinds = { draft: 'idle', confirmed: 'good', disabled: 'bad' } as const;

function ServerToConfirm({ server: { id, name, mailbox, state } }: { server: Server }) {
  const styles = useStyles();
  const { t } = useTranslation('words');
  const confirm = useAction(() => answer(api.POST('/v1/incoming-servers/{id}/confirm', { params: { path: { id } } })), {
    showsError: true,
  });
  return (
    <div className={styles.server}>
      <div className={styles.line}>
        <Text weight="semibold">{name}</Text>
        {mailbox !== name && <Text>{mailbox}</Text>}
        <StateBadge kind={kinds[state]}>{t(`incomingState.${state}`)}</StateBadge>
        {state !== 'confirmed' && (
          <ActionButton
            appearance="primary"
            isBusy={confirm.isBusy}
            onClick={() => {
              confirm.run();
            }}
          >
            {t('testAndConfirm')}
          </ActionButton>
        )}
      </div>
      {confirm.error !== null && <ProblemBar error={confirm.error} />}
    </div>
  );
}

function IncomingForm({ accounts }: { accounts: readonly Row<'/v1/accounts'>[] }) {
  const { t } = useTranslation(['setUp', 'words']);
  const [chosen, setChosen] = useState(accounts[0]?.id ?? '');
  const address = accounts.find(({ id }) => id === chosen)?.address ?? '';
  const form = useForm({
    start: { name: address.split('@')[0] ?? '' },
    save: ({ name }) => answer(api.POST('/v1/incoming-servers', { body: { auth: 'outlook', account: chosen, name } })),
  });
  return (
    <FormBody form={form} submitLabel={t('incoming.add')}>
      <AccountChoice accounts={accounts} chosen={chosen} onChoose={setChosen} />
      <TextField form={form} name="name" label={t('words:name')} isRequired />
    </FormBody>
  );
}
