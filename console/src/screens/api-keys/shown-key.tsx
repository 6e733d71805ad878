import { Field, MessageBar, MessageBarBody, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CopyField } from '../../parts/copy-button.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Section } from '../../parts/section.tsx';

type NewApiKey = components['schemas']['NewApiKey'];

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** A key as it was made, and how it is used. */
export function ShownKey({ made }: { made: NewApiKey }) {
  const styles = useStyles();
  const { t } = useTranslation('apiKeys');
  return (
    <Section>
      <div className={styles.whole}>
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('onceOnly')}</MessageBarBody>
        </MessageBar>
        <Field label={t('key')}>
          <CopyField value={made.key} what={t('key')} />
        </Field>
        <div>
          <Text block>{t('tryIt')}</Text>
          <CodeBlock text={curlOf(made, location.origin)} what={t('command')} />
        </div>
        <div>
          <ButtonTo to="/" appearance="primary">
            {t('kept')}
          </ButtonTo>
        </div>
      </div>
    </Section>
  );
}

/** The first call somebody with this key may want to make, for a shell. */
function curlOf({ key, scopes, from }: NewApiKey, url: string): string {
  const may = (scope: (typeof scopes)[number]) => scopes.includes(scope) || scopes.includes('admin');
  const authorization = `-H 'Authorization: Bearer ${key}'`;
  if (!may('messages.send')) return `curl ${url}/v1/${may('received.read') ? 'received' : 'messages'} ${authorization}`;
  const sender = from?.find((entry) => entry.includes('@'));
  const message = {
    ...(sender !== undefined && { from: sender }),
    to: 'somebody@example.com',
    subject: 'Hello from Postern',
    text: 'Hello.',
  };
  return [
    `curl ${url}/v1/messages ${authorization}`,
    `-H 'Content-Type: application/json'`,
    `-d '${JSON.stringify(message)}'`,
  ].join(' \\\n  ');
}
