import { useTranslation } from 'react-i18next';
import { Time } from '../../parts/time.tsx';
import { CardList } from './card-list.tsx';
import type { Status } from './needs.ts';

const kinds = { draft: 'idle', confirmed: 'good', disabled: 'bad' } as const;

/** How reading goes: when each mailbox was read, and when it is next. */
export function IncomingCard({ servers }: { servers: Status['incomingServers'] }) {
  const { t } = useTranslation(['overview', 'shell', 'words']);
  return (
    <CardList
      title={t('shell:screen.incomingServers')}
      to="/incoming-servers"
      none={t('none.incoming')}
      rows={servers.map(({ id, name, state, isFailing, lastFetchAt, nextFetchAt }) => {
        const isTroubled = isFailing && state === 'confirmed';
        return {
          id,
          name,
          to: `/incoming-servers/${id}`,
          kind: isTroubled ? 'warning' : kinds[state],
          state: isTroubled ? t('failing') : t(`words:incomingState.${state}`),
          facts: (
            <>
              {lastFetchAt === undefined ? (
                t('neverRead')
              ) : (
                <>
                  {t('lastRead')} <Time at={lastFetchAt} />
                </>
              )}
              {nextFetchAt !== undefined && state === 'confirmed' && (
                <>
                  {' '}
                  · {t('nextRead')} <Time at={nextFetchAt} />
                </>
              )}
            </>
          ),
        };
      })}
    />
  );
}
