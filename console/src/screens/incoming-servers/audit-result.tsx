import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { CauseBar } from '../../parts/cause.tsx';
import { ResourceTable, type Column } from '../../parts/resource-table.tsx';
import { Row as Line } from '../../parts/row.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';

type Audit = components['schemas']['Audit'];
type Folder = Audit['folders'][number];

const counted = ['missing', 'waiting', 'parked', 'gone', 'extra'] as const;

/** What an audit found, folder by folder. */
export function AuditResult({ audit }: { audit: Audit }) {
  const { t } = useTranslation('incomingServers');
  const columns: Column<Folder>[] = [
    { name: 'folder', header: t('folder'), cell: ({ folder }) => folder, width: '24%' },
    { name: 'inMailbox', header: t('inMailbox'), cell: ({ inMailbox }) => String(inMailbox) },
    { name: 'inLedger', header: t('inLedger'), cell: ({ inLedger }) => String(inLedger) },
    ...counted.map((name) => ({
      name,
      header: t(`found.${name}`),
      cell: (folder: Folder) => String(folder[name].count),
    })),
  ];
  const troubled = audit.folders.filter(({ cause }) => cause !== undefined);
  return (
    <>
      <Line>
        <StateBadge kind={audit.missing === 0 ? 'good' : 'bad'}>
          {audit.missing === 0 ? t('nothingMissing') : t('missingCount', { count: audit.missing })}
        </StateBadge>
        {audit.repaired > 0 && <Text>{t('repaired', { count: audit.repaired })}</Text>}
        <Text size={200}>
          {t('audited')} <Time at={audit.at} />
        </Text>
      </Line>
      {troubled.map(
        ({ folder, cause }) => cause && <CauseBar key={folder} cause={cause} title={t('folderTrouble', { folder })} />,
      )}
      <ResourceTable
        label={t('audit')}
        list={{
          rows: audit.folders,
          error: null,
          retry: () => undefined,
          hasMore: false,
          isLoadingMore: false,
          loadMore: () => undefined,
        }}
        columns={columns}
        keyOf={({ folder }) => folder}
        empty={null}
      />
    </>
  );
}
