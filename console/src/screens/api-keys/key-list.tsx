import { makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../api/names.ts';
import { useList } from '../../api/reading.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ButtonTo } from '../../parts/link-to.tsx';
import { Page } from '../../parts/page.tsx';
import { ResourceTable, type Column } from '../../parts/resource-table.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time, useNow } from '../../parts/time.tsx';
import { DeleteKey } from './delete-key.tsx';
import { scopes, type ApiKey } from './scope.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyle: 'none' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** All keys, without the keys themselves. */
export function KeyList() {
  const styles = useStyles();
  const { t } = useTranslation(['apiKeys', 'words']);
  const now = useNow();
  const servers = useNames('/v1/incoming-servers');
  const list = useList('/v1/api-keys');
  const columns: readonly Column<ApiKey>[] = [
    { name: 'name', header: t('words:name'), cell: ({ name }) => name, width: '22%' },
    {
      name: 'scopes',
      header: t('scopes'),
      cell: (key) => (
        <ul className={styles.list}>
          {key.scopes.map((scope) => (
            <li key={scope}>{t(`scope.${scopes[scope]}`)}</li>
          ))}
        </ul>
      ),
    },
    {
      name: 'limits',
      header: t('limits'),
      cell: ({ from, incomingServers }) => {
        const limits = [...(from ?? []), ...(incomingServers ?? []).map(servers.of)];
        return limits.length > 0 ? limits.join(', ') : <span className={styles.quiet}>{t('words:none')}</span>;
      },
    },
    { name: 'created', header: t('words:created'), width: '8rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      name: 'expires',
      header: t('expires'),
      width: '8rem',
      cell: ({ expiresAt }) => {
        if (expiresAt === undefined) return <span className={styles.quiet}>{t('words:never')}</span>;
        return Date.parse(expiresAt) <= now ? (
          <StateBadge kind="idle">{t('expired')}</StateBadge>
        ) : (
          <Time at={expiresAt} />
        );
      },
    },
    { name: 'actions', header: t('actions'), width: '7.5rem', cell: (key) => <DeleteKey apiKey={key} /> },
  ];
  const add = (
    <ButtonTo to="/new" appearance="primary" icon={<AddRegular />}>
      {t('add')}
    </ButtonTo>
  );
  return (
    <Page title={t('title')} description={t('description')} actions={add}>
      <Section>
        <ResourceTable
          label={t('title')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <EmptyState icon={<KeyRegular />} title={t('none')} action={add}>
              {t('noneDetail')}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
