import { useTranslation } from 'react-i18next';
import { Time } from '../../parts/time.tsx';
import { CardList } from './card-list.tsx';
import { isUndelivered, type Status } from './needs.ts';

export function DestinationsCard({ destinations }: { destinations: Status['destinations'] }) {
  const { t } = useTranslation(['overview', 'shell', 'words']);
  return (
    <CardList
      title={t('shell:screen.destinations')}
      to="/destinations"
      none={t('none.destinations')}
      rows={destinations.map((destination) => {
        const { id, name, state, waiting, lastDeliveredAt } = destination;
        const isTroubled = state === 'active' && isUndelivered(destination);
        return {
          id,
          name,
          to: `/destinations/${id}`,
          kind: state === 'disabled' ? 'bad' : isTroubled ? 'warning' : 'good',
          state: isTroubled ? t('failing') : t(`words:destinationState.${state}`),
          facts: (
            <>
              {lastDeliveredAt === undefined ? (
                t('neverDelivered')
              ) : (
                <>
                  {t('lastDelivered')} <Time at={lastDeliveredAt} />
                </>
              )}
              {waiting > 0 && <> · {t('waiting', { count: waiting })}</>}
            </>
          ),
        };
      })}
    />
  );
}
