import { Tooltip, makeStyles } from '@fluentui/react-components';
import { useSyncExternalStore } from 'react';
import { currentLocale } from '../messages/i18n.ts';

const useStyles = makeStyles({ time: { whiteSpace: 'nowrap', borderRadius: '2px' } });

/** A moment, told from now, in the viewer's words; on hover and focus the time in their zone and the exact one in UTC. */
export function Time({ at }: { at: string }) {
  const styles = useStyles();
  const now = useNow();
  const moment = new Date(at);
  return (
    <Tooltip
      content={{ children: `${inZone(moment)} · ${at}`, style: { maxWidth: 'none' } }}
      relationship="description"
    >
      {/* Reached by keyboard, for what the tooltip says. */}
      <time dateTime={at} tabIndex={0} className={styles.time}>
        {fromNow(moment, now)}
      </time>
    </Tooltip>
  );
}

/** The day and time in the viewer's zone, for sentences. */
export function inZone(moment: Date): string {
  return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(moment);
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

function fromNow(moment: Date, now: number): string {
  const seconds = (moment.getTime() - now) / 1000;
  // Beyond a week, how long ago it was says less than when.
  if (Math.abs(seconds) > 7 * 86_400) {
    return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium' }).format(moment);
  }
  const words = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  // What has just been is now, also by clocks that differ a little.
  return words.format(Math.abs(seconds) < 10 ? 0 : Math.trunc(seconds), 'second');
}

// One clock for all times on the page.
let now = Date.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time now, in milliseconds; as long as it is shown it moves on every second. */
export function useNow(): number {
  return useSyncExternalStore(onTick, () => now);
}

function onTick(ticked: () => void): () => void {
  listeners.add(ticked);
  now = Date.now();
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const listener of listeners) listener();
  }, 1_000);
  return () => {
    listeners.delete(ticked);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}
