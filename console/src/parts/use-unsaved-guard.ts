import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useConfirm } from './confirm.tsx';

/**
 * Asks before somebody leaves with changes that are not saved: by a link, the back button, or (in the browser's own words)
 * by closing the page. Where the browser has no Navigation API, the last alone.
 */
export function useUnsavedGuard(hasChanges: boolean): void {
  const { t } = useTranslation('parts');
  const confirm = useConfirm();
  const leave = useRef(async (): Promise<boolean> => Promise.resolve(true));
  useEffect(() => {
    leave.current = () => confirm({ title: t('unsavedTitle'), text: t('unsavedText'), action: t('unsavedLeave') });
  });

  useEffect(() => {
    if (!hasChanges) return undefined;
    const onUnload = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    const onNavigate = (event: NavigateEvent): void => {
      const { destination, navigationType } = event;
      const isElsewhere = new URL(destination.url).pathname !== location.pathname;
      if (!event.cancelable || !isElsewhere || !destination.sameDocument) return;
      event.preventDefault();
      void leave.current().then((isLeaving) => {
        if (!isLeaving) return;
        stop();
        if (navigationType === 'traverse') navigation.traverseTo(destination.key);
        else history.pushState(null, '', destination.url);
      });
    };
    const stop = (): void => {
      window.removeEventListener('beforeunload', onUnload);
      if ('navigation' in window) navigation.removeEventListener('navigate', onNavigate);
    };
    window.addEventListener('beforeunload', onUnload);
    if ('navigation' in window) navigation.addEventListener('navigate', onNavigate);
    return stop;
  }, [hasChanges]);
}
