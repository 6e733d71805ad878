import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { AccountBadge } from '../../parts/account-badge.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';

export function AccountList() {
  const { t } = useTranslation(['accounts', 'words']);
  const list = useList('/v1/accounts');
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
            {
              name: 'address',
              header: t('words:address'),
              cell: ({ id, address }) => <LinkTo to={`/${id}`}>{address}</LinkTo>,
              width: '32%',
            },
            { name: 'state', header: t('words:state'), cell: (account) => <AccountBadge account={account} /> },
            {
              name: 'kind',
              header: t('kind'),
              cell: ({ kind, access }) => t(access === 'application' ? 'kinds.application' : `kinds.${kind}`),
            },
            {
              name: 'connected',
              header: t('connectedAt'),
              cell: ({ connectedAt }) => (connectedAt === undefined ? t('words:never') : <Time at={connectedAt} />),
            },
          ]}
          empty={
            <EmptyState icon={<PeopleTeamRegular />} title={t('emptyTitle')} action={add}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
