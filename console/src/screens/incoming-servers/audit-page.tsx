import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead } from '../../api/reading.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { useAction } from '../../parts/use-action.ts';
import { AuditResult } from './audit-result.tsx';

/** The mailbox compared with what was received, mail by mail; what is missing can be read again. */
export function AuditPage({ id }: { id: string }) {
  const { t } = useTranslation('incomingServers');
  const params = { path: { id } };
  const server = useRead('/v1/incoming-servers/{id}', { params });
  const audit = useAction(
    (repair: boolean) => answer(api.POST('/v1/incoming-servers/{id}/audit', { params, body: { repair } })),
    { showsError: true },
  );
  return (
    <Page
      title={t('auditTitle')}
      description={t('auditDescription')}
      back={{ to: `/${id}`, label: server.data?.name ?? t('server') }}
    >
      <Loaded from={server}>
        {({ lastAudit }) => {
          const found = audit.result ?? lastAudit;
          return (
            <Section>
              <Line>
                <ActionButton
                  appearance="primary"
                  isBusy={audit.isBusy}
                  onClick={() => {
                    audit.run(false);
                  }}
                >
                  {t('runAudit')}
                </ActionButton>
                {found !== undefined && found.missing > 0 && (
                  <ActionButton
                    isBusy={audit.isBusy}
                    onClick={() => {
                      audit.run(true);
                    }}
                  >
                    {t('repair')}
                  </ActionButton>
                )}
              </Line>
              {audit.isBusy && <Text role="status">{t('auditing')}</Text>}
              {audit.error !== null && <ProblemBar error={audit.error} />}
              {found ? <AuditResult audit={found} /> : <Text>{t('notAudited')}</Text>}
            </Section>
          );
        }}
      </Loaded>
    </Page>
  );
}
