import {
  Field,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { CopyField } from '../../parts/copy-button.tsx';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useForm } from '../../parts/use-form.ts';
import { Another } from './another.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Progress } from './steps.ts';

type NewDestination = components['schemas']['NewDestination'];

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

const kinds = ['webhook', 'queue', 'odoo'] as const;
type Kind = (typeof kinds)[number];

/** Where received mail goes: optional, for it can be read through the API. */
export function DestinationStep({ progress: { destinations, incomingServers, isDone } }: { progress: Progress }) {
  const styles = useStyles();
  const { t } = useTranslation(['setUp', 'words']);
  const [added, setAdded] = useState<NewDestination>();
  return (
    <StepFrame step="destination" isDone={isDone.destination} isOptional>
      {destinations.map(({ id, name, kind, state }) => (
        <div key={id} className={styles.line}>
          <Text weight="semibold">{name}</Text>
          <Text>{t(`words:destinationKind.${kind}`)}</Text>
          <StateBadge kind={state === 'active' ? 'good' : 'bad'}>{t(`words:destinationState.${state}`)}</StateBadge>
        </div>
      ))}
      {added?.secret !== undefined && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('destination.secretTitle')}</MessageBarTitle> {t('destination.secretDetail')}
            <Field label={t('destination.secret')}>
              <CopyField value={added.secret} what={t('destination.secret')} />
            </Field>
          </MessageBarBody>
        </MessageBar>
      )}
      <Another key={destinations.length} isFirst={destinations.length === 0} label={t('destination.another')}>
        <DestinationForm incomingServers={incomingServers} onAdded={setAdded} />
      </Another>
    </StepFrame>
  );
}

/** What the form holds; which of it counts depends on the kind. */
interface Values {
  readonly kind: Kind;
  readonly name: string;
  readonly url: string;
  readonly queueUrl: string;
  readonly odooUrl: string;
  readonly database: string;
  readonly username: string;
  readonly apiKey: string;
}

const nowhere: Values = {
  kind: 'webhook',
  name: '',
  url: '',
  queueUrl: '',
  odooUrl: '',
  database: '',
  username: '',
  apiKey: '',
};

function DestinationForm(props: {
  incomingServers: Progress['incomingServers'];
  onAdded: (added: NewDestination) => void;
}) {
  const { incomingServers, onAdded } = props;
  const { t } = useTranslation(['setUp', 'words']);
  const form = useForm({
    start: nowhere,
    async save({ kind, name, url, queueUrl, odooUrl, database, username, apiKey }) {
      const body = {
        webhook: { kind: 'webhook', name, url } as const,
        queue: { kind: 'queue', name, queueUrl } as const,
        odoo: { kind: 'odoo', name, url: odooUrl, database, username, apiKey } as const,
      }[kind];
      const added = await answer(api.POST('/v1/destinations', { body }));
      for (const { id, destinations } of incomingServers) {
        const path = { id };
        const all = [...destinations, added.id];
        await answer(api.PATCH('/v1/incoming-servers/{id}', { params: { path }, body: { destinations: all } }));
      }
      return added;
    },
    after: onAdded,
  });
  const { kind } = form.values;
  return (
    <FormBody form={form} submitLabel={t('destination.add')}>
      <SelectField
        form={form}
        name="kind"
        label={t('destination.kind')}
        hint={t(`destination.kindHint.${kind}`)}
        options={kinds.map((value) => ({ value, label: t(`words:destinationKind.${value}`) }))}
      />
      <TextField form={form} name="name" label={t('words:name')} isRequired />
      {kind === 'webhook' && (
        <TextField
          form={form}
          name="url"
          type="url"
          label={t('destination.url')}
          hint={t('destination.urlHint')}
          placeholder="https://app.contoso.com/mail"
          isRequired
        />
      )}
      {kind === 'queue' && (
        <TextField
          form={form}
          name="queueUrl"
          type="url"
          label={t('destination.queueUrl')}
          placeholder="https://account.queue.core.windows.net/name"
          isRequired
        />
      )}
      {kind === 'odoo' && (
        <>
          <TextField
            form={form}
            name="odooUrl"
            pointer="/url"
            type="url"
            label={t('destination.odooUrl')}
            placeholder="https://contoso.odoo.com"
            isRequired
          />
          <TextField form={form} name="database" label={t('destination.database')} isRequired />
          <TextField form={form} name="username" label={t('destination.username')} isRequired />
          <TextField
            form={form}
            name="apiKey"
            type="password"
            autoComplete="new-password"
            label={t('destination.apiKey')}
            isRequired
          />
        </>
      )}
    </FormBody>
  );
}
