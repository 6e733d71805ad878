import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfirm } from './confirm.tsx';

/**
 * Asks before somebody leaves with changes that are not saved: by a link, the back button, or (in the browser's own words)
 * by closing the page. Where the browser has no Navigation API, the last alone. What it returns lets go at once, for
 * whoever has just saved and leads on.
 */
export function useUnsavedGuard(hasChanges: boolean): () => void {
  const { t } = useTranslation('parts');
  const confirm = useConfirm();
  const isLetGo = useRef(false);
  const ask = useRef(async (): Promise<boolean> => Promise.resolve(true));
  useEffect(() => {
    ask.current = () => confirm({ title: t('unsavedTitle'), text: t('unsavedText'), action: t('unsavedLeave') });
  });

  useEffect(() => {
    if (!hasChanges) return undefined;
    isLetGo.current = false;
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (!isLetGo.current) event.preventDefault();
    };
    const onNavigate = (event: NavigateEvent): void => {
      const { destination, navigationType } = event;
      const isElsewhere = new URL(destination.url).pathname !== location.pathname;
      if (isLetGo.current || !isElsewhere || !event.cancelable || !destination.sameDocument) return;
      event.preventDefault();
      void ask.current().then((isLeaving) => {
        if (!isLeaving) return;
        isLetGo.current = true;
        if (navigationType === 'traverse') navigation.traverseTo(destination.key);
        else history.pushState(null, '', destination.url);
      });
    };
    window.addEventListener('beforeunload', onUnload);
    if ('navigation' in window) navigation.addEventListener('navigate', onNavigate);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      if ('navigation' in window) navigation.removeEventListener('navigate', onNavigate);
    };
  }, [hasChanges]);

  return useCallback(() => {
    isLetGo.current = true;
  }, []);
}
