import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { answer, api } from '../../api/client.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { Page } from '../../parts/page.tsx';
import { Section } from '../../parts/section.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { DelegateField } from './delegate-field.tsx';

interface Values {
  address: string;
  /** Who signs in: the mailbox's own user, one with access to it, or nobody. */
  way: 'user' | 'shared' | 'application';
  delegate: string;
  aliases: readonly string[];
  tenantId: string;
}

const start: Values = { address: '', way: 'user', delegate: '', aliases: [], tenantId: '' };

export function AddAccount() {
  const { t } = useTranslation(['accounts', 'words']);
  const [, navigate] = useLocation();
  const form = useForm({
    start,
    save: (values: Values) => answer(api.POST('/v1/accounts', { body: toBody(values) })),
    done: t('added'),
    after({ id }) {
      navigate(`/${id}`, { replace: true });
    },
  });
  const { way } = form.values;
  return (
    <Page title={t('addTitle')} description={t('addDescription')} back={{ to: '/', label: t('title') }}>
      <Section>
        <FormBody form={form} submitLabel={t('add')}>
          <TextField
            form={form}
            name="address"
            label={t('words:address')}
            hint={t('addressHint')}
            type="email"
            isRequired
          />
          <SelectField
            form={form}
            name="way"
            pointer="/kind"
            label={t('way')}
            hint={t(`wayHints.${way}`)}
            options={(['user', 'shared', 'application'] as const).map((value) => ({
              value,
              label: t(`ways.${value}`),
            }))}
          />
          {way === 'shared' && <DelegateField form={form} />}
          {way === 'application' ? (
            <TextField form={form} name="tenantId" label={t('tenantId')} hint={t('tenantIdHint')} />
          ) : (
            <TagsField form={form} name="aliases" label={t('aliases')} hint={t('aliasesHint')} />
          )}
        </FormBody>
      </Section>
    </Page>
  );
}

function toBody({ address, way, delegate, aliases, tenantId }: Values) {
  return {
    address,
    ...(way === 'shared' && { kind: way, delegate }),
    ...(way === 'application'
      ? { access: way, ...(tenantId !== '' && { tenantId }) }
      : aliases.length > 0 && { aliases: [...aliases] }),
  };
}
