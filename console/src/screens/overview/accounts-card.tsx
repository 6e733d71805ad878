import { useTranslation } from 'react-i18next';
import { Time } from '../../parts/time.tsx';
import { CardList } from './card-list.tsx';
import type { Status } from './needs.ts';

const kinds = { 'not-connected': 'idle', connected: 'good', 'reauth-required': 'bad' } as const;

export function AccountsCard({ accounts }: { accounts: Status['accounts'] }) {
  const { t } = useTranslation(['overview', 'shell', 'words']);
  return (
    <CardList
      title={t('shell:screen.accounts')}
      to="/accounts"
      none={t('none.accounts')}
      rows={accounts.map(({ id, address, state, connectedAt }) => ({
        id,
        name: address,
        to: `/accounts/${id}`,
        kind: kinds[state],
        state: t(`words:accountState.${state}`),
        facts:
          connectedAt === undefined ? (
            t('neverConnected')
          ) : (
            <>
              {t('connected')} <Time at={connectedAt} />
            </>
          ),
      }))}
    />
  );
}
