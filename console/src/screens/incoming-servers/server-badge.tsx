import { useTranslation } from 'react-i18next';
import type { Row } from '../../api/reading.ts';
import { StateBadge } from '../../parts/state-badge.tsx';

const kinds = { draft: 'idle', confirmed: 'good', disabled: 'bad' } as const;

/** Whether the server is read; a confirmed one that cannot be read says so. */
export function ServerBadge({ server: { state, lastError } }: { server: Row<'/v1/incoming-servers'> }) {
  const { t } = useTranslation(['incomingServers', 'words']);
  if (state === 'confirmed' && lastError !== undefined) return <StateBadge kind="warning">{t('failing')}</StateBadge>;
  return <StateBadge kind={kinds[state]}>{t(`words:incomingState.${state}`)}</StateBadge>;
}
