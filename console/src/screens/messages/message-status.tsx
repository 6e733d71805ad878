import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema.d.ts';
import { StateBadge, type StateKind } from '../../parts/state-badge.tsx';

export type Message = components['schemas']['Message'];
export type MessageStatus = Message['status'];

const kinds: Record<MessageStatus, StateKind> = {
  scheduled: 'idle',
  queued: 'busy',
  sending: 'busy',
  sent: 'good',
  deferred: 'warning',
  unknown: 'warning',
  failed: 'bad',
  bounced: 'bad',
  cancelled: 'idle',
  expired: 'bad',
};

export const messageStatuses = Object.keys(kinds) as readonly MessageStatus[];

export function MessageStatusBadge({ status }: { status: MessageStatus }) {
  const { t } = useTranslation('words');
  return <StateBadge kind={kinds[status]}>{t(`messageStatus.${status}`)}</StateBadge>;
}

/** Whether it waits to be sent, so that it can be cancelled or given another time. */
export function isWaiting({ status }: Message): boolean {
  return status === 'scheduled' || status === 'queued' || status === 'deferred';
}

/** Whether it can be tried again: some recipient is left that no server has accepted. */
export function isRetryable({ status, recipients }: Message): boolean {
  if (status === 'sent') return recipients.some((each) => each.status === 'waiting' || each.status === 'refused');
  return status === 'failed' || status === 'expired' || status === 'deferred' || status === 'unknown';
}

/** Whether nothing will become of it by itself any more. */
export function isSettled(message: Message): boolean {
  return message.status !== 'sending' && !isWaiting(message);
}
