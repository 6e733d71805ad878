import { useTranslation } from 'react-i18next';
import { StateBadge } from '../../parts/state-badge.tsx';
import type { Destination } from './destination.ts';

/** Disabled by hand is a wish, disabled by Postern is trouble; so is an error that no delivery has followed. */
export function DestinationStateBadge({ destination }: { destination: Destination }) {
  const { t } = useTranslation(['destinations', 'words']);
  const { state, cause } = destination;
  if (state === 'disabled') {
    return <StateBadge kind={cause === undefined ? 'idle' : 'bad'}>{t('words:destinationState.disabled')}</StateBadge>;
  }
  return isFailing(destination) ? (
    <StateBadge kind="warning">{t('failing')}</StateBadge>
  ) : (
    <StateBadge kind="good">{t('words:destinationState.active')}</StateBadge>
  );
}

/** Whether the last thing that happened is an error. */
export function isFailing({ lastError, lastDeliveredAt = '' }: Destination): boolean {
  return lastError !== undefined && lastError.at > lastDeliveredAt;
}
