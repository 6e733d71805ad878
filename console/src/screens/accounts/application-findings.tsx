import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../parts/code-block.tsx';
import type { Found } from '../../parts/connect-outlook.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Remedy } from '../../parts/remedy.tsx';
import { Row } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

/** What the application may do with the mailbox by itself, and where that is not enough, what an administrator does. */
export function ApplicationFindings({ found }: { found: Found }) {
  const { t } = useTranslation('accounts');
  const isWhole = found.sending.works && found.receiving.works;
  return (
    <Section title={t('application')} description={t(isWhole ? 'applicationWhole' : 'applicationLacks')}>
      <Row>
        {(['sending', 'receiving'] as const).map((direction) => (
          <StateBadge key={direction} kind={found[direction].works ? 'good' : 'bad'}>
            {t(`${direction}.${found[direction].works}`)}
          </StateBadge>
        ))}
      </Row>
      <Facts
        facts={[
          [t('roles'), found.roles.join(', ') || undefined],
          [t('sendingSays'), found.sending.detail],
          [t('receivingSays'), found.receiving.detail],
        ]}
      />
      {!isWhole && (
        <>
          <Text>{t('approve')}</Text>
          <Remedy text={found.approvalUrls.join('\n')} />
          <Text>{t('grant')}</Text>
          <CodeBlock text={found.commands.join('\n')} what={t('commands')} />
        </>
      )}
    </Section>
  );
}
