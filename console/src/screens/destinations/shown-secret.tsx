import { Field, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { CopyField } from '../../parts/copy-button.tsx';

/** What a webhook's calls are signed with, while it can be seen. */
export function ShownSecret({ secret }: { secret: string }) {
  const { t } = useTranslation('destinations');
  return (
    <>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{t('secretOnce')}</MessageBarBody>
      </MessageBar>
      <Field label={t('secret')} hint={t('secretHint')}>
        <CopyField value={secret} what={t('secret')} />
      </Field>
    </>
  );
}
