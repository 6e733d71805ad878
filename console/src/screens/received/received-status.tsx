import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { StateBadge, type StateKind } from '../../parts/state-badge.tsx';

export type ReceivedSummary = components['schemas']['ReceivedSummary'];
export type ReceivedMessage = components['schemas']['ReceivedMessage'];
export type ReceivedStatus = ReceivedSummary['status'];

const kinds: Record<ReceivedStatus, StateKind> = { received: 'good', parked: 'warning', dropped: 'idle' };

export const receivedStatuses = Object.keys(kinds) as readonly ReceivedStatus[];

export function ReceivedStatusBadge({ status }: { status: ReceivedStatus }) {
  const { t } = useTranslation('received');
  return <StateBadge kind={kinds[status]}>{t(`status.${status}`)}</StateBadge>;
}
