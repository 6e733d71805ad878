import { AddRegular } from '@fluentui/react-icons/svg/add';
import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import { useTranslation } from 'react-i18next';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo, LinkTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';

export function DomainList() {
  const { t } = useTranslation(['domains', 'words']);
  const list = useList('/v1/domains');
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
          keyOf={({ domain }) => domain}
          columns={[
            { name: 'domain', header: t('domain'), cell: ({ domain }) => <LinkTo to={`/${domain}`}>{domain}</LinkTo> },
            { name: 'from', header: t('defaultFrom'), cell: ({ addresses }) => addresses.notifications },
            { name: 'bounce', header: t('bounce'), cell: ({ addresses }) => addresses.bounce ?? t('words:none') },
            { name: 'catchall', header: t('catchall'), cell: ({ addresses }) => addresses.catchall ?? t('words:none') },
          ]}
          empty={
            <EmptyState icon={<GlobeRegular />} title={t('emptyTitle')} action={add}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
