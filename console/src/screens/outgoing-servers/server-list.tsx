import { AddRegular } from '@fluentui/react-icons/svg/add';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Outline } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { ProblemBar } from '../../parts/problem-bar.tsx';
import { Section } from '../../parts/section.tsx';
import { RankedServers } from './ranked-servers.tsx';

export function ServerList() {
  const { t } = useTranslation('outgoingServers');
  const servers = useList('/v1/outgoing-servers', { limit: 200 });
  const add = (
    <ButtonTo to="/new" appearance="primary" icon={<AddRegular />}>
      {t('add')}
    </ButtonTo>
  );
  const why = (
    <ButtonTo to="/why" icon={<QuestionCircleRegular />}>
      {t('why')}
    </ButtonTo>
  );
  const actions = (
    <>
      {why}
      {add}
    </>
  );
  const { rows, error, retry } = servers;
  return (
    <Page title={t('title')} description={t('description')} {...(rows?.length !== 0 && { actions })}>
      <Section>
        {rows === undefined && (error === null ? <Outline lines={6} /> : <ProblemBar error={error} retry={retry} />)}
        {rows?.length === 0 && (
          <EmptyState icon={<ServerRegular />} title={t('emptyTitle')} action={add}>
            {t('emptyText')}
          </EmptyState>
        )}
        {rows !== undefined && rows.length > 0 && <RankedServers servers={rows} />}
      </Section>
    </Page>
  );
}
