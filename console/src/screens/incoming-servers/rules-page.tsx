import { useTranslation } from 'react-i18next';
import { answer, api, ifMatch } from '../../api/client.ts';
import { useRead, type Answer } from '../../api/reading.ts';
import { Columns } from '../../parts/columns.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useForm } from '../../parts/use-form.ts';
import { DryRun } from './dry-run.tsx';
import { toRule, toRuleValues, type RuleValues } from './rule-values.ts';
import { RulesEditor } from './rules-editor.tsx';

/** The rules of an incoming server, and beside them what they would do about a message, saved or not. */
export function RulesPage({ id }: { id: string }) {
  const { t } = useTranslation('incomingServers');
  const server = useRead('/v1/incoming-servers/{id}', { params: { path: { id } } });
  return (
    <Page
      title={t('rules')}
      description={t('rulesDescription')}
      back={{ to: `/${id}`, label: server.data?.name ?? t('server') }}
    >
      <Loaded from={server}>{(loaded) => <Body server={loaded} />}</Loaded>
    </Page>
  );
}

function Body({ server: { id, rules, etag } }: { server: Answer<'/v1/incoming-servers/{id}'> }) {
  const { t } = useTranslation('words');
  const form = useForm<{ readonly rules: readonly RuleValues[] }>({
    start: { rules: rules.map(toRuleValues) },
    etag,
    save: (values, shown) =>
      answer(
        api.PATCH('/v1/incoming-servers/{id}', {
          params: { path: { id }, header: ifMatch(shown.etag) },
          body: { rules: values.rules.map(toRule) },
        }),
      ),
    done: t('saved'),
  });
  return (
    <Columns aside={<DryRun id={id} rules={form.values.rules.map(toRule)} />}>
      <RulesEditor form={form} />
    </Columns>
  );
}
