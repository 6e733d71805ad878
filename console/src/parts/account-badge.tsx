import { useTranslation } from 'react-i18next';
import type { Row } from '../api/reading.ts';
import { StateBadge } from './state-badge.tsx';

const kinds = { 'not-connected': 'idle', connected: 'good', 'reauth-required': 'bad' } as const;

/** Whether Microsoft lets Postern use the account. */
export function AccountBadge({ account: { state } }: { account: Row<'/v1/accounts'> }) {
  const { t } = useTranslation('words');
  return (
    <StateBadge kind={kinds[state]}>{state === 'connected' ? t('tokenValid') : t(`accountState.${state}`)}</StateBadge>
  );
}
