import { useTranslation } from 'react-i18next';
import type { StateKind } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { CardList } from './card-list.tsx';
import { isTroubled, type Status } from './needs.ts';

type Server = Status['outgoingServers'][number];

/** How sending goes: what waits, when the next may leave, how much of the limits is used. */
export function OutgoingCard({ servers }: { servers: readonly Server[] }) {
  const { t } = useTranslation(['overview', 'shell']);
  return (
    <CardList
      title={t('shell:screen.outgoingServers')}
      to="/outgoing-servers"
      none={t('none.outgoing')}
      rows={servers.map((server) => {
        const { id, name, lastSentAt, pausedUntil, queued, rate } = server;
        const { kind, word } = stateOf(server);
        return {
          id,
          name,
          to: `/outgoing-servers/${id}`,
          kind,
          state: t(`outgoing.${word}`),
          facts: (
            <>
              {lastSentAt === undefined ? (
                t('neverSent')
              ) : (
                <>
                  {t('lastSent')} <Time at={lastSentAt} />
                </>
              )}
              {queued > 0 && <> · {t('waiting', { count: queued })}</>}
              {pausedUntil !== undefined && (
                <>
                  {' '}
                  · {t('nextSlot')} <Time at={pausedUntil} />
                </>
              )}
              <br />
              {t('rate', {
                minute: rate.messagesLastMinute,
                perMinute: rate.perMinute,
                day: rate.recipientsLastDay,
                perDay: rate.recipientsPerDay,
              })}
            </>
          ),
        };
      })}
    />
  );
}

function stateOf(server: Server): { kind: StateKind; word: 'off' | 'troubled' | 'paused' | 'nearlyFull' | 'ready' } {
  if (!server.active) return { kind: 'idle', word: 'off' };
  if (isTroubled(server)) return { kind: 'bad', word: 'troubled' };
  if (server.pausedUntil !== undefined) return { kind: 'warning', word: 'paused' };
  if (server.rate.isNearlyUsedUp) return { kind: 'warning', word: 'nearlyFull' };
  return { kind: 'good', word: 'ready' };
}
