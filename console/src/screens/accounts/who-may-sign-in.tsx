import { useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import type { Answer } from '../../api/reading.ts';
import { Section } from '../../parts/section.tsx';
import { SettingsForm } from '../../parts/settings-form.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { DelegateField } from './delegate-field.tsx';

/** The names under which somebody may sign in for the account. */
export function WhoMaySignIn({ account }: { account: Answer<'/v1/accounts/{id}'> }) {
  const { t } = useTranslation('accounts');
  const { id, kind, aliases, delegate = '' } = account;
  return (
    <Section title={t('whoMaySignIn')} description={t('whoMaySignInText')}>
      <SettingsForm
        start={{ aliases, delegate }}
        etag={account.etag}
        save={(values, { etag }) => {
          const body = { aliases: [...values.aliases], ...(kind === 'shared' && { delegate: values.delegate }) };
          return answer(api.PATCH('/v1/accounts/{id}', { params: { path: { id }, header: ifMatch(etag) }, body }));
        }}
      >
        {(form) => (
          <>
            {kind === 'shared' && <DelegateField form={form} />}
            <TagsField form={form} name="aliases" label={t('aliases')} hint={t('aliasesHint')} />
          </>
        )}
      </SettingsForm>
    </Section>
  );
}
