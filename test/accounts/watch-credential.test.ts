import { expect, it } from 'vitest';
import { appRegistrationId, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import type { CredentialFacts } from '../../functions/accounts/credential-facts.ts';
import { watchCredential, type CredentialWatch } from '../../functions/accounts/watch-credential.ts';
import type { Delivery } from '../../functions/events/delivery.ts';
import type { Destination } from '../../functions/events/destination.ts';
import type { Call } from '../../functions/shared/call.ts';
import { GatewayError } from '../../functions/shared/errors.ts';
import type { Records } from '../../functions/shared/records.ts';
import { createMemoryCollection } from './memory-collection.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-11-22T10:00:00Z');
const application = { clientId: 'client', tenant: 'common' };
const certificate = { kind: 'certificate', name: 'postern-app' } as const;

/** A watch whose state outlives its instances. What it does is noted with the day it does it on. */
function createWatching(app: AppRegistration, inspect: (now: number) => CredentialFacts) {
  let now = start;
  const deliveries = new Map<string, Delivery>();
  const watches = new Map<string, CredentialWatch>();
  const seen = { looks: 0, lines: [] as unknown[], errors: 0, removed: [] as string[] };
  const rows = createMemoryCollection<AppRegistration>({ [appRegistrationId]: app });
  const destination = { id: 'dst_1', events: ['app.credential_expiring'] } as unknown as Destination;
  const call = {
    now: () => new Date(now),
    log: {
      warn: (_line: string, facts: Record<string, unknown>) => seen.lines.push(facts['withinDays']),
      error: () => (seen.errors += 1),
    },
  } as unknown as Call;
  const ports: Parameters<typeof watchCredential>[1] = {
    app: rows,
    destinations: createMemoryCollection({ dst_1: destination }),
    deliveries: {
      add: (added: readonly { record: Delivery }[]) => {
        for (const { record } of added) deliveries.set(record.id, record);
        return Promise.resolve();
      },
    } as unknown as Records<Delivery>,
    queues: { deliver: () => Promise.resolve() } as never,
    credentialWatches: {
      get: (id) => Promise.resolve(watches.get(id)),
      list: () => Promise.resolve(watches),
      put: (id, watch) => Promise.resolve(void watches.set(id, watch)),
    },
    inspectCredential: () => {
      seen.looks += 1;
      return new Promise((resolve) => {
        resolve(inspect(now));
      });
    },
    secrets: {
      get: () => Promise.resolve(undefined),
      set: () => Promise.resolve(),
      remove: (name) => Promise.resolve(void seen.removed.push(name)),
    },
  };
  return {
    seen,
    rows,
    told: () => [...deliveries.values()].map(({ event }) => event.data?.['withinDays']),
    /** Lets days pass, with a look every so often by two instances. */
    async pass(days: number, every = 6 * hour) {
      for (const end = now + days * day; now < end; now += every) {
        await watchCredential(call, ports);
        await watchCredential(call, ports);
      }
    },
  };
}

it('tells 60, 30, 14, 7, 3 and 1 days before the end, once each, and nothing after it', async () => {
  const end = start + 70 * day;
  const watching = createWatching({ ...application, credential: certificate }, () => ({
    expiresAt: new Date(end).toISOString(),
    thumbprint: 'one',
  }));
  await watching.pass(75);
  expect(watching.seen.lines).toEqual([60, 30, 14, 7, 3, 1]);
  expect(watching.told()).toEqual([60, 30, 14, 7, 3, 1]);
});

it('tells of the next one too, also where both have a warning at the same moment', async () => {
  const ends = [start + 31 * day, start + 61 * day];
  const watching = createWatching({ ...application, credential: certificate }, (now) => {
    const which = now < start + 1.5 * day ? 0 : 1;
    return { expiresAt: new Date(ends[which] ?? 0).toISOString(), thumbprint: `certificate ${which}` };
  });
  await watching.pass(3);
  expect(watching.seen.lines).toEqual([60, 30, 60]);
  expect(watching.told()).toEqual([60, 30, 60]);
});

it('looks once an hour at most, at once after a change, and never at what does not end', async () => {
  const watching = createWatching({ ...application, credential: certificate }, () => ({}));
  await watching.pass(1, 60_000);
  expect(watching.seen.looks).toBe(24);
  const stored = await watching.rows.get(appRegistrationId);
  await watching.rows.replace(appRegistrationId, { ...application, tenant: 'organizations' }, stored?.etag ?? '');
  await watching.pass(1 / 1440, 60_000);
  expect(watching.seen.looks).toBe(25);

  const identity = createWatching({ ...application, credential: { kind: 'managed-identity' } }, () => ({}));
  await identity.pass(1);
  expect(identity.seen).toMatchObject({ looks: 0, lines: [] });
});

it('a vault that is down is asked again in an hour', async () => {
  const watching = createWatching({ ...application, credential: certificate }, (now) => {
    if (now < start + 2 * hour) throw new GatewayError('secrets-unavailable', 'The key vault did not give a secret.');
    return { expiresAt: new Date(start + 5 * day).toISOString() };
  });
  await watching.pass(1 / 8, 60_000);
  expect(watching.seen).toMatchObject({ looks: 3, errors: 2, lines: [7] });
});

it('a former secret that has ended leaves, the only one stays', async () => {
  const ended = { setAt: '2026-01-01T00:00:00Z', expiresAt: '2026-10-01T00:00:00Z' };
  const secrets = [
    { name: 'new', setAt: '2026-09-01T00:00:00Z' },
    { name: 'old', ...ended },
  ];
  const watching = createWatching({ ...application, clientSecrets: secrets }, () => ({}));
  await watching.pass(1);
  expect(watching.seen.removed).toEqual(['old']);
  expect((await watching.rows.get(appRegistrationId))?.value.clientSecrets).toEqual(secrets.slice(0, 1));

  const only = createWatching({ ...application, clientSecrets: secrets.slice(1) }, () => ({}));
  await only.pass(1);
  expect(only.seen.removed).toEqual([]);
});
