import {
  DndContext,
  KeyboardSensor,
  PointerSensor,
  closestCenter,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import {
  SortableContext,
  arrayMove,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { makeStyles, tokens } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { Row } from '../../api/reading.ts';
import { useNotify } from '../../parts/notify.tsx';
import { newPriorities, type Ranked } from './new-priorities.ts';
import { RankedServer } from './ranked-server.tsx';

type Server = Row<'/v1/outgoing-servers'>;

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', margin: 0, padding: 0, listStyle: 'none' },
  hint: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  said: { position: 'absolute', clipPath: 'inset(50%)', width: '1px', height: '1px' },
});

/** The servers in the order in which they are asked; the order is changed by dragging, by the handle's keys or by buttons. */
export function RankedServers({ servers }: { servers: readonly Server[] }) {
  const styles = useStyles();
  const { t } = useTranslation('outgoingServers');
  const [said, setSaid] = useState('');
  const [wished, setWished] = useState<readonly Server[]>();
  const ordered = servers.toSorted((a, b) => a.priority - b.priority || a.createdAt.localeCompare(b.createdAt));
  const queries = useQueryClient();
  const notify = useNotify();
  const moving = useMutation({
    // One after the other: somebody may move on while the last move is being kept.
    scope: { id: 'priorities' },
    async mutationFn(changes: readonly Ranked[]) {
      for (const { id, priority } of changes) {
        await answer(api.PATCH('/v1/outgoing-servers/{id}', { params: { path: { id } }, body: { priority } }));
      }
    },
    onError: (error) => {
      notify.failed(error);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const shown = (moving.isPending && wished) || ordered;
  const nameOf = (id: string | number): string => shown.find((server) => server.id === id)?.name ?? '';
  const placeOf = (id: string | number): number => shown.findIndex((server) => server.id === id);
  const move = (id: string, place: number): void => {
    if (place < 0 || place >= shown.length || place === placeOf(id)) return;
    const order = arrayMove([...shown], placeOf(id), place);
    const changes = newPriorities(order, id);
    const changed = new Map(changes.map((change) => [change.id, change]));
    setWished(order.map((server) => ({ ...server, ...changed.get(server.id) })));
    setSaid(t('moved', { name: nameOf(id), place: place + 1, count: order.length }));
    moving.mutate(changes);
  };
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const over = (id: string, place: string | number | undefined) =>
    t('over', { name: nameOf(id), place: place === undefined ? '' : placeOf(place) + 1, count: shown.length });
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={({ active, over: target }: DragEndEvent) => {
        if (target !== null) move(String(active.id), placeOf(target.id));
      }}
      accessibility={{
        screenReaderInstructions: { draggable: t('dragHelp') },
        announcements: {
          onDragStart: ({ active }) => t('picked', { name: nameOf(active.id) }),
          onDragOver: ({ active, over: target }) => over(String(active.id), target?.id),
          onDragEnd: ({ active, over: target }) => over(String(active.id), target?.id),
          onDragCancel: ({ active }) => t('leftThere', { name: nameOf(active.id) }),
        },
      }}
    >
      <span className={styles.hint}>{t('orderHint')}</span>
      <SortableContext items={shown.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ol className={styles.list} aria-label={t('title')}>
          {shown.map((server, place) => (
            <RankedServer
              key={server.id}
              server={server}
              isFirst={place === 0}
              isLast={place === shown.length - 1}
              onMove={(by) => {
                move(server.id, place + by);
              }}
            />
          ))}
        </ol>
      </SortableContext>
      <span role="status" className={styles.said}>
        {said}
      </span>
    </DndContext>
  );
}
