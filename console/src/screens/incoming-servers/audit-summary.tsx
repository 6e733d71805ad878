import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';

/** What the last audit found in short, and the way to it. */
export function AuditSummary({ server: { id, lastAudit } }: { server: Row<'/v1/incoming-servers'> }) {
  const { t } = useTranslation('incomingServers');
  return (
    <Section title={t('audit')} description={t('auditDescription')}>
      <Line>
        {lastAudit && (
          <>
            <StateBadge kind={lastAudit.missing === 0 ? 'good' : 'bad'}>
              {lastAudit.missing === 0 ? t('nothingMissing') : t('missingCount', { count: lastAudit.missing })}
            </StateBadge>
            <Text size={200}>
              {t('audited')} <Time at={lastAudit.at} />
            </Text>
          </>
        )}
        {!lastAudit && <Text>{t('notAudited')}</Text>}
      </Line>
      <Line>
        <ButtonTo to={`/${id}/audit`}>{t('openAudit')}</ButtonTo>
      </Line>
    </Section>
  );
}
