import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useNames } from '../../api/names.ts';
import type { components } from '../../api/schema.d.ts';
import { DateTimeField } from '../../parts/date-time-field.tsx';
import { ChoicesField, TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { allScopes, scopes, type Scope } from './scope.ts';
import { ShownKey } from './shown-key.tsx';

type NewApiKey = components['schemas']['NewApiKey'];

const empty = {
  name: '',
  scopes: ['messages.send', 'messages.read'] as readonly Scope[],
  from: [] as readonly string[],
  incomingServers: [] as readonly string[],
  expiresAt: '',
};

/** Makes a key, and shows it: here and now only. */
export function NewKey() {
  const { t } = useTranslation(['apiKeys', 'words']);
  const servers = useNames('/v1/incoming-servers');
  const [made, setMade] = useState<NewApiKey>();
  const form = useForm({
    start: empty,
    save: (values) => answer(api.POST('/v1/api-keys', { body: bodyOf(values) })),
    after: setMade,
  });
  const { values } = form;
  const mayRead = values.scopes.some((scope) => scope === 'received.read' || scope === 'admin');
  const maySend = values.scopes.some((scope) => scope === 'messages.send' || scope === 'admin');
  const back = { to: '/', label: t('title') };
  if (made !== undefined) {
    return (
      <Page title={t('made', { name: made.name })} description={t('madeDetail')} back={back}>
        <ShownKey made={made} />
      </Page>
    );
  }
  return (
    <Page title={t('add')} description={t('addDetail')} back={back}>
      <Section>
        <FormBody form={form} submitLabel={t('words:create')}>
          <TextField form={form} name="name" label={t('words:name')} hint={t('nameHint')} isRequired />
          <ChoicesField
            form={form}
            name="scopes"
            label={t('scopes')}
            options={allScopes.map((value) => ({ value, label: t(`scopeChoice.${scopes[value]}`) }))}
          />
          {maySend && <TagsField form={form} name="from" label={t('from')} hint={t('fromHint')} />}
          {mayRead && servers.options.length > 0 && (
            <ChoicesField
              form={form}
              name="incomingServers"
              label={t('incomingServers')}
              hint={t('incomingServersHint')}
              options={servers.options}
            />
          )}
          <DateTimeField form={form} name="expiresAt" label={t('expires')} hint={t('expiresHint')} />
        </FormBody>
      </Section>
    </Page>
  );
}

function bodyOf({ from, incomingServers, expiresAt, ...values }: typeof empty) {
  return {
    ...values,
    scopes: [...values.scopes],
    ...(from.length > 0 && { from: [...from] }),
    ...(incomingServers.length > 0 && { incomingServers: [...incomingServers] }),
    ...(expiresAt !== '' && { expiresAt }),
  };
}
