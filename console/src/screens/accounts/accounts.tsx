import { useTranslation } from 'react-i18next';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';

const kinds = { 'not-connected': 'idle', connected: 'good', 'reauth-required': 'bad' } as const;

export default function Accounts() {
  const { t } = useTranslation(['accounts', 'words']);
  const list = useList('/v1/accounts');
  return (
    <Page title={t('title')} description={t('description')}>
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
            },
            {
              name: 'state',
              header: t('words:state'),
              cell: ({ state }) => <StateBadge kind={kinds[state]}>{t(`words:accountState.${state}`)}</StateBadge>,
            },
            { name: 'created', header: t('words:created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
          ]}
          empty={
            <EmptyState
              icon={<PeopleTeamRegular />}
              title={t('title')}
              action={
                <ButtonTo appearance="primary" to="~/console/set-up">
                  {t('words:connect')}
                </ButtonTo>
              }
            >
              {t('description')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
