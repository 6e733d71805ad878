import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import { useRead, type Answer } from '../../api/reading.ts';
import { changedOf } from '../../parts/changed-of.ts';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { Section } from '../../parts/section.tsx';
import { ServerFrame } from '../../parts/server-frame.tsx';
import { SettingsForm } from '../../parts/settings-form.tsx';
import { AuditSummary } from './audit-summary.tsx';
import { ServerFields } from './server-fields.tsx';
import { ServerState } from './server-state.tsx';
import { toPatch, toValues } from './server-values.ts';

type Server = Answer<'/v1/incoming-servers/{id}'>;

export function ServerPage({ id }: { id: string }) {
  const { t } = useTranslation('incomingServers');
  return (
    <ServerFrame
      kind="incomingServers"
      id={id}
      from={useRead('/v1/incoming-servers/{id}', { params: { path: { id } } }, { every: 10_000 })}
      describe={({ mailbox, host }) => t('describe', { mailbox, host })}
      aside={(server) => (
        <>
          <ServerState server={server} />
          <Rules server={server} />
          <AuditSummary server={server} />
        </>
      )}
      settings={(server) => <Settings server={server} />}
    />
  );
}

function Rules({ server: { id, rules } }: { server: Server }) {
  const { t } = useTranslation('incomingServers');
  return (
    <Section title={t('rules')}>
      <Text>{rules.length === 0 ? t('rulesNone') : t('rulesCount', { count: rules.length })}</Text>
      <Line>
        <ButtonTo to={`/${id}/rules`}>{t('editRules')}</ButtonTo>
      </Line>
    </Section>
  );
}

function Settings({ server }: { server: Server }) {
  const path = { id: server.id };
  return (
    <SettingsForm
      start={toValues(server)}
      etag={server.etag}
      save={(values, { start, etag }) => {
        const body = changedOf(toPatch(start), toPatch(values));
        return answer(api.PATCH('/v1/incoming-servers/{id}', { params: { path, header: ifMatch(etag) }, body }));
      }}
    >
      {(form) => <ServerFields form={form} id={server.id} />}
    </SettingsForm>
  );
}
