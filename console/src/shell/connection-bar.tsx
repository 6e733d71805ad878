import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { onlineManager, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ConnectionError } from '../api/problem.ts';

/** Says that nobody answers, for as long as that is so: what is shown may be old. */
export function ConnectionBar() {
  const { t } = useTranslation('shell');
  const cache = useQueryClient().getQueryCache();
  const isOnline = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
  const isUnanswered = useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => cache.getAll().some(({ state }) => (state.error ?? state.fetchFailureReason) instanceof ConnectionError),
  );
  if (isOnline && !isUnanswered) return null;
  return (
    <MessageBar intent="warning" role="status">
      <MessageBarBody>{t('connectionLost')}</MessageBarBody>
    </MessageBar>
  );
}
