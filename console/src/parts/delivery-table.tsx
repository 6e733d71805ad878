import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { useNames } from '../api/names.ts';
import type { List } from '../api/reading.ts';
import type { components } from '../api/schema.d.ts';
import { ActionButton } from './action-button.tsx';
import { LinkTo } from './link-to.tsx';
import { ResourceTable, type Column } from './resource-table.tsx';
import { SecondLine } from './second-line.tsx';
import { StateBadge, type StateKind } from './state-badge.tsx';
import { Time } from './time.tsx';
import { useAction } from './use-action.ts';

export type Delivery = components['schemas']['Delivery'];

const kinds: Record<Delivery['status'], StateKind> = { pending: 'busy', delivered: 'good', parked: 'bad' };

/**
 * Events on their way to destinations, each with what became of it and a way to have it delivered once more. `isOfOne`:
 * all of them to the destination that the page is about.
 */
export function DeliveryTable(props: { list: List<Delivery>; empty: ReactNode; isOfOne?: boolean }) {
  const { list, empty, isOfOne = false } = props;
  const { t } = useTranslation(['parts', 'words']);
  const destinations = useNames('/v1/destinations');
  const columns: readonly Column<Delivery>[] = [
    {
      name: 'event',
      header: t('delivery.event'),
      width: '28%',
      cell: ({ event }) => (
        <>
          <LinkTo to={placeOf(event.about)}>{event.type}</LinkTo>
          <SecondLine>{event.about}</SecondLine>
        </>
      ),
    },
    {
      name: 'destination',
      header: t('delivery.destination'),
      cell: ({ destination }) => (
        <LinkTo to={`~/console/destinations/${destination}`}>{destinations.of(destination)}</LinkTo>
      ),
    },
    {
      name: 'status',
      header: t('words:state'),
      cell: ({ status, attempts, cause }) => (
        <>
          <StateBadge kind={kinds[status]}>{t(`words:deliveryStatus.${status}`)}</StateBadge>
          {attempts > 1 && <SecondLine>{t('delivery.attempts', { count: attempts })}</SecondLine>}
          {cause !== undefined && <SecondLine>{cause.detail}</SecondLine>}
        </>
      ),
    },
    { name: 'time', header: t('delivery.when'), width: '11rem', cell: (delivery) => <When delivery={delivery} /> },
    {
      name: 'actions',
      header: t('delivery.actions'),
      width: '9rem',
      cell: (delivery) => <Again delivery={delivery} />,
    },
  ];
  return (
    <ResourceTable
      label={t('delivery.title')}
      list={list}
      columns={columns.filter(({ name }) => !isOfOne || name !== 'destination')}
      keyOf={({ id }) => id}
      empty={empty}
    />
  );
}

function When({ delivery: { createdAt, deliveredAt, nextAttemptAt, status } }: { delivery: Delivery }) {
  const { t } = useTranslation('parts');
  return (
    <>
      <Time at={deliveredAt ?? createdAt} />
      {status === 'pending' && nextAttemptAt !== undefined && (
        <SecondLine>
          {t('delivery.next')} <Time at={nextAttemptAt} />
        </SecondLine>
      )}
    </>
  );
}

function Again({ delivery: { id, status, event } }: { delivery: Delivery }) {
  const { t } = useTranslation('parts');
  const again = useAction(() => answer(api.POST('/v1/deliveries/{id}/retry', { params: { path: { id } } })), {
    done: t('delivery.retried'),
  });
  if (status === 'pending') return null;
  return (
    <ActionButton
      size="small"
      appearance="subtle"
      icon={<ArrowClockwiseRegular />}
      isBusy={again.isBusy}
      label={t('delivery.againLabel', { event: `${event.type} ${event.about}` })}
      onClick={() => {
        again.run();
      }}
    >
      {t('delivery.again')}
    </ActionButton>
  );
}

const places: Readonly<Record<string, string>> = {
  msg: 'messages',
  rcv: 'received',
  acc: 'accounts',
  out: 'outgoing-servers',
  inc: 'incoming-servers',
  dst: 'destinations',
};

/** Where what an event is about stands in the console. */
function placeOf(id: string): string {
  const screen = places[id.slice(0, 3)];
  return screen === undefined ? '~/console/' : `~/console/${screen}/${id}`;
}
