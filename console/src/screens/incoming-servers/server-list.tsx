import { AddRegular } from '@fluentui/react-icons/svg/add';
import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { ServerBadge } from './server-badge.tsx';

export function ServerList() {
  const { t } = useTranslation(['incomingServers', 'words']);
  const list = useList('/v1/incoming-servers', {}, { every: 15_000 });
  const add = (
    <ButtonTo to="/new" appearance="primary" icon={<AddRegular />}>
      {t('add')}
    </ButtonTo>
  );
  return (
    <Page title={t('title')} description={t('description')} {...(list.rows?.length !== 0 && { actions: add })}>
      <Section>
        <ResourceTable
          label={t('title')}
          list={list}
          keyOf={({ id }) => id}
          columns={[
            { name: 'name', header: t('words:name'), cell: ({ id, name }) => <LinkTo to={`/${id}`}>{name}</LinkTo> },
            { name: 'mailbox', header: t('mailbox'), cell: ({ mailbox }) => mailbox, width: '28%' },
            { name: 'state', header: t('words:state'), cell: (server) => <ServerBadge server={server} /> },
            {
              name: 'fetched',
              header: t('lastFetch'),
              cell: ({ lastFetchAt }) => (lastFetchAt === undefined ? t('words:never') : <Time at={lastFetchAt} />),
            },
          ]}
          empty={
            <EmptyState icon={<MailInboxRegular />} title={t('emptyTitle')} action={add}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
