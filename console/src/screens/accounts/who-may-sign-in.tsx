import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { TextField } from '../../parts/fields.tsx';
import { Section } from '../../parts/section.tsx';
import { SettingsForm } from '../../parts/settings-form.tsx';
import { TagsField } from '../../parts/tags-field.tsx';

/** The names under which somebody may sign in for the account. */
export function WhoMaySignIn({ account }: { account: components['schemas']['Account'] }) {
  const { t } = useTranslation('accounts');
  const { id, kind, aliases, delegate = '' } = account;
  return (
    <Section title={t('whoMaySignIn')} description={t('whoMaySignInText')}>
      <SettingsForm
        start={{ aliases, delegate }}
        save={(values) => {
          const body = { aliases: [...values.aliases], ...(kind === 'shared' && { delegate: values.delegate }) };
          return answer(api.PATCH('/v1/accounts/{id}', { params: { path: { id } }, body }));
        }}
      >
        {(form) => (
          <>
            {kind === 'shared' && (
              <TextField
                form={form}
                name="delegate"
                label={t('delegate')}
                hint={t('delegateHint')}
                type="email"
                isRequired
              />
            )}
            <TagsField form={form} name="aliases" label={t('aliases')} hint={t('aliasesHint')} />
          </>
        )}
      </SettingsForm>
    </Section>
  );
}
