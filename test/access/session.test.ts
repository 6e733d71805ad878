import { describe, expect, it } from 'vitest';
import { makeApiKey, type ApiKey } from '../../functions/access/api-key.ts';
import { endSession, isCsrfTokenOf, openSession, startSession, type Session } from '../../functions/access/session.ts';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import { createMemoryCollection } from '../accounts/memory-collection.ts';

const minute = 60_000;
const started = new Date('2026-11-23T08:00:00Z');

/** The console of a Postern in memory, at a time of one's choosing. */
function createConsole(key: { expiresAt?: string } = {}) {
  const { row } = makeApiKey({ name: 'Ada', scopes: ['admin'], ...key }, started);
  const journal: string[] = [];
  let now = started;
  const apiKeys = createMemoryCollection<ApiKey>({ [row.id]: row });
  const app = createMemoryCollection<AppRegistration>({
    [appRegistrationId]: { clientId: 'client', tenant: 'contoso' },
  });
  const sessions = createMemoryCollection<Session>({}, (line) => journal.push(line.split(' ')[0] ?? ''));
  const quiet = (): void => undefined;
  const call = { now: () => now, log: { info: quiet, warn: quiet, error: quiet } };
  return {
    ...{ row, journal, apiKeys, app, sessions },
    ports: { apiKeys, app, sessions },
    at: (minutes: number): typeof call => {
      now = new Date(started.getTime() + minutes * minute);
      return call;
    },
  };
}

describe('a session', () => {
  it('ends half an hour after its last use', async () => {
    const { at, row, ports } = createConsole();
    const { word } = await startSession(at(0), { apiKeyId: row.id }, ports);
    for (const minutes of [10, 35, 60, 89]) {
      expect(await openSession(at(minutes), word.reveal(), ports), `after ${minutes}`).toBeDefined();
    }
    expect(await openSession(at(120), word.reveal(), ports)).toBeUndefined();
  });

  it('ends after twelve hours, however much it is used', async () => {
    const { at, row, ports } = createConsole();
    const { word } = await startSession(at(0), { apiKeyId: row.id }, ports);
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      const caller = await openSession(at(minutes), word.reveal(), ports);
      expect(caller?.scopes).toEqual(['admin']);
      expect(Date.parse(caller?.session.expiresAt ?? '')).toBeLessThanOrEqual(started.getTime() + 12 * 60 * minute);
    }
    expect(await openSession(at(12 * 60), word.reveal(), ports)).toBeUndefined();
  });

  it('is written no more than every five minutes', async () => {
    const { at, row, ports, journal } = createConsole();
    const { word } = await startSession(at(0), { apiKeyId: row.id }, ports);
    for (let minutes = 0; minutes < 30; minutes += 0.5) await openSession(at(minutes), word.reveal(), ports);
    expect(journal).toEqual(['add', ...Array.from({ length: 5 }, () => 'replace')]);
  });

  it('ends with its key’s time', async () => {
    const { at, row, ports } = createConsole({ expiresAt: '2026-11-23T08:20:00Z' });
    const { word, expiresAt } = await startSession(at(0), { apiKeyId: row.id }, ports);
    expect(expiresAt).toBe('2026-11-23T08:20:00.000Z');
    expect(await openSession(at(19), word.reveal(), ports)).toBeDefined();
    expect(await openSession(at(20), word.reveal(), ports)).toBeUndefined();
  });

  it('of a person ends with the app registration', async () => {
    const { at, ports, app } = createConsole();
    const person = { objectId: 'ada-object', address: 'ada@contoso.example' };
    const { word, name } = await startSession(at(0), { person, clientId: 'client' }, ports);
    expect(name).toBe('ada@contoso.example');
    expect(await openSession(at(1), word.reveal(), ports)).toMatchObject({ kind: 'person', id: 'ada-object' });
    const { etag } = (await app.get(appRegistrationId)) ?? { etag: '' };
    await app.replace(appRegistrationId, { clientId: 'another', tenant: 'contoso' }, etag);
    expect(await openSession(at(2), word.reveal(), ports)).toBeUndefined();
  });

  it('goes on when another call renews it in the same moment, and is ended all the same', async () => {
    const { at, row, ports, sessions } = createConsole();
    const opened = await startSession(at(0), { apiKeyId: row.id }, ports);
    const word = opened.word.reveal();
    const call = at(10);
    const both = await Promise.all([openSession(call, word, ports), openSession(call, word, ports)]);
    expect(both.every((caller) => caller !== undefined)).toBe(true);
    // Renewed between being read and being removed.
    let tries = 0;
    const renewing = {
      ...sessions,
      remove: async (id: string, etag: string) => {
        const now = await sessions.get(id);
        if ((tries += 1) === 1 && now !== undefined) await sessions.replace(id, now.value, now.etag);
        return sessions.remove(id, etag);
      },
    };
    await endSession(opened, { sessions: renewing });
    expect(tries).toBe(2);
    expect(await openSession(call, word, ports)).toBeUndefined();
  });

  it('is not lost to storage that does not take its renewal', async () => {
    const { at, row, ports, sessions } = createConsole();
    const { word } = await startSession(at(0), { apiKeyId: row.id }, ports);
    const failing = { ...sessions, replace: () => Promise.reject(new GatewayError('storage-unavailable', 'Not now.')) };
    expect(await openSession(at(10), word.reveal(), { ...ports, sessions: failing })).toBeDefined();
  });

  it('takes its own token for writes, and nobody else’s', async () => {
    const { at, row, ports } = createConsole();
    const one = await startSession(at(0), { apiKeyId: row.id }, ports);
    const other = await startSession(at(0), { apiKeyId: row.id }, ports);
    expect(isCsrfTokenOf(one, one.csrfToken)).toBe(true);
    for (const wrong of [other.csrfToken, '', one.word.reveal()]) expect(isCsrfTokenOf(one, wrong)).toBe(false);
  });
});
