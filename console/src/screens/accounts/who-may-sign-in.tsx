import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { TextField } from '../../parts/fields.tsx';
import { FormBody } from '../../parts/form-body.tsx';
import { Section } from '../../parts/section.tsx';
import { TagsField } from '../../parts/tags-field.tsx';
import { useForm } from '../../parts/use-form.ts';

/** The names under which somebody may sign in for the account. */
export function WhoMaySignIn({ account }: { account: components['schemas']['Account'] }) {
  const { t } = useTranslation(['accounts', 'words']);
  const { id, kind, aliases, delegate = '' } = account;
  const form = useForm({
    start: { aliases, delegate },
    save: (values) =>
      answer(
        api.PATCH('/v1/accounts/{id}', {
          params: { path: { id } },
          body: { aliases: [...values.aliases], ...(kind === 'shared' && { delegate: values.delegate }) },
        }),
      ),
    done: t('words:saved'),
  });
  return (
    <Section title={t('whoMaySignIn')} description={t('whoMaySignInText')}>
      <FormBody form={form} submitLabel={t('words:save')}>
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
      </FormBody>
    </Section>
  );
}
