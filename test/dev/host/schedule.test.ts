import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../dev/host/schedule.ts';
import { statusAtStart } from '../../../dev/host/schedule-status.ts';

const at = (time: string) => new Date(`2026-11-23T${time}Z`);

describe('parseSchedule', () => {
  test.each([
    ['0 */5 * * * *', '10:02:30', '10:05:00'],
    ['30 * * * * *', '10:02:30', '10:03:30'],
    ['0 0 9-17 * * MON-FRI', '10:02:30', '11:00:00'],
  ])('%s after %s is due at %s', (expression, now, due) => {
    expect(parseSchedule(expression).next(at(now))).toEqual(at(due));
  });

  test('day of month and day of week both have to fit', () => {
    // The next Friday the 13th.
    expect(parseSchedule('0 0 0 13 * 5').next(at('10:00:00')).toISOString()).toBe('2027-08-13T00:00:00.000Z');
  });

  test.each([
    ['* * * * * *', false],
    ['*/30 * * * * *', false],
    ['0 * * * * *', true],
    ['*/10 0 * * * *', true],
  ])('%s is monitored: %s', (expression, monitored) => {
    expect(parseSchedule(expression).monitored).toBe(monitored);
  });

  test.each(['*/5 * * * *', '0 0 0 L * *', '0 0 0 * * 5#2', '@daily', '0 0 0 15W * *', '61 * * * * *', ''])(
    '%j is refused',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow();
    },
  );
});

describe('statusAtStart', () => {
  const hourly = parseSchedule('0 0 * * * *');
  const never = undefined;

  test('a timer that never ran waits for its next occurrence', () => {
    expect(statusAtStart(undefined, hourly, at('10:30:00'))).toEqual({
      status: { last: never, next: at('11:00:00'), lastUpdated: at('10:30:00') },
      changed: true,
      isPastDue: false,
    });
  });

  test('a missed occurrence is past due, also when the timer has never run', () => {
    const ran = { last: at('07:00:00'), next: at('08:00:00'), lastUpdated: at('07:00:00') };
    expect(statusAtStart(ran, hourly, at('10:30:00'))).toEqual({ status: ran, changed: false, isPastDue: true });
    const waited = { last: never, next: at('08:00:00'), lastUpdated: at('07:10:00') };
    expect(statusAtStart(waited, hourly, at('10:30:00')).isPastDue).toBe(true);
    expect(statusAtStart(waited, hourly, at('07:30:00')).isPastDue).toBe(false);
  });

  test('an occurrence of a schedule that has been changed since is not missed', () => {
    const daily = { last: at('00:00:00'), next: at('12:00:00'), lastUpdated: at('00:00:00') };
    expect(statusAtStart(daily, hourly, at('14:30:00'))).toEqual({
      status: { last: never, next: at('15:00:00'), lastUpdated: at('14:30:00') },
      changed: true,
      isPastDue: false,
    });
  });
});
