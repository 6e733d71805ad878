import { Cron } from 'croner';

/** When a timer is due, in UTC. */
export interface Schedule {
  next(after: Date): Date;
  /** Whether missed occurrences are remembered: not for schedules of less than a minute. */
  readonly monitored: boolean;
}

/**
 * Reads an NCRONTAB expression of six fields, `{second} {minute} {hour} {day} {month} {day of week}`. Throws for what
 * Azure would refuse too, such as five fields or croner's own L, W, # and @.
 */
export function parseSchedule(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6 || !fields.every((field) => /^(?:[\d*,/-]|[a-z]{3})+$/i.test(field))) {
    throw new Error(`The schedule expression '${expression}' was not recognized as a valid cron expression.`);
  }
  const cron = new Cron(fields.join(' '), { timezone: 'UTC', mode: '6-part', domAndDow: true, paused: true });
  const next = (after: Date): Date => {
    const occurrence = cron.nextRun(after);
    if (occurrence === null) throw new Error(`The schedule '${expression}' is never due again.`);
    return occurrence;
  };
  const everyMinute = fields.slice(1).every((field) => field === '*');
  const first = next(new Date());
  return { next, monitored: !(everyMinute && next(first).getTime() - first.getTime() < 60_000) };
}
