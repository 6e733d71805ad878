import { expect, test } from 'vitest';
import { cursorFor, movedPast, newCursor, passed } from '../../functions/received/folder-cursor.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const earlier = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
const day = 24 * 60;
const cursor = { ...newCursor('INBOX', { uidValidity: 7, uidNext: 11 }, now), begunAt: earlier(100 * day) };
const mail = (uid: number, internalDate = now) => ({ uid, size: 1, internalDate });

test('a folder that is met for the first time begins with what arrives next', () => {
  expect(cursorFor('INBOX', { uidValidity: 7, uidNext: 11 }, undefined, now)).toMatchObject({
    uidValidity: 7,
    lastUid: 10,
    begunAt: now.toISOString(),
  });
});

test('a folder with the same UIDVALIDITY goes on where it was', () => {
  expect(cursorFor('INBOX', { uidValidity: 7, uidNext: 99 }, cursor, now)).toBe(cursor);
});

test.each([
  ['a day before the last mail that was read', 100 * day, 3 * day, 4 * day],
  ['not much before reading began, which is when the server was confirmed', 60, 30, 70],
])('a folder whose UIDs start anew is read again from %s', (_, begun, last, since) => {
  const known = { ...cursor, begunAt: earlier(begun), lastArrival: earlier(last) };
  expect(cursorFor('INBOX', { uidValidity: 8, uidNext: 31 }, known, now)).toMatchObject({
    uidValidity: 8,
    lastUid: 0,
    again: { upTo: 30, since: earlier(since) },
  });
});

test('a folder that starts anew while it is read again keeps to the time it had to go back to', () => {
  const again = { upTo: 30, since: earlier(9 * day) };
  const known = { ...cursor, lastUid: 12, again };
  expect(cursorFor('INBOX', { uidValidity: 9, uidNext: 41 }, known, now).again).toEqual({ ...again, upTo: 40 });
});

test('reading again ends with the mail that was there when it began', () => {
  const known = { ...cursor, again: { upTo: 30, since: earlier(1) } };
  expect(passed(29, known)).toHaveProperty('again');
  expect(passed(30, known)).not.toHaveProperty('again');
});

test('the last arrival never goes back nor ahead of time, whatever mail is moved in', () => {
  const known = { ...cursor, lastArrival: earlier(60) };
  const mails = [mail(11, new Date(earlier(5))), mail(12, new Date(earlier(500))), mail(13, new Date(earlier(-day)))];
  expect(movedPast(mails, [], known, now)).toMatchObject({ lastUid: 13, lastArrival: earlier(5) });
});
