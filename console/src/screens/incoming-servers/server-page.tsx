import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useRead } from '../../api/reading.ts';
import { Columns } from '../../parts/columns.tsx';
import { DeleteButton } from '../../parts/delete-button.tsx';
import { Examination } from '../../parts/examination.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { AuditSummary } from './audit-summary.tsx';
import { ServerForm } from './server-form.tsx';
import { ServerState } from './server-state.tsx';

export function ServerPage({ id }: { id: string }) {
  const { t } = useTranslation(['incomingServers', 'parts']);
  const params = { path: { id } };
  const server = useRead('/v1/incoming-servers/{id}', { params }, { every: 10_000 });
  const { data } = server;
  return (
    <Page
      title={data?.name ?? t('server')}
      back={{ to: '/', label: t('title') }}
      {...(data && {
        description: t('describe', { mailbox: data.mailbox, host: data.host }),
        actions: (
          <DeleteButton
            title={t('deleteTitle', { name: data.name })}
            text={t('deleteText')}
            act={() => answer(api.DELETE('/v1/incoming-servers/{id}', { params }))}
          />
        ),
      })}
    >
      <Loaded from={server}>
        {(loaded) => (
          <Columns
            isAsideFirst
            aside={
              <>
                <ServerState server={loaded} />
                <Section title={t('rules')}>
                  <Text>
                    {loaded.rules.length === 0 ? t('rulesNone') : t('rulesCount', { count: loaded.rules.length })}
                  </Text>
                  <Line>
                    <ButtonTo to={`/${id}/rules`}>{t('editRules')}</ButtonTo>
                  </Line>
                </Section>
                <AuditSummary server={loaded} />
                <Section title={t('parts:connection')}>
                  <Examination path="/v1/incoming-servers/{id}/test" id={id} lastTest={loaded.lastTest} />
                </Section>
              </>
            }
          >
            <Section title={t('settings')}>
              <ServerForm server={loaded} />
            </Section>
          </Columns>
        )}
      </Loaded>
    </Page>
  );
}
