import { describe, expect, it } from 'vitest';
import { createDeployedApp, type AppDeployment } from '../../functions/accounts/app-deployment.ts';
import { appRegistrationId as id, type AppRegistration } from '../../functions/accounts/app-registration.ts';
import { createMemoryCollection } from './memory-collection.ts';

const clientSecrets = [{ name: 'client-secret-1', setAt: '2026-11-22T00:00:00Z' }];
const row: AppRegistration = { clientId: 'c0ffee00-1111-4222-8333-444455556666', tenant: 'common', clientSecrets };
const said: AppDeployment = { cloud: 'dod', credential: { kind: 'client-secret' } };
const application = { clientId: row.clientId.toUpperCase(), tenant: 'organizations' };

describe('the app registration', () => {
  it('is what the API set, with what the deployment says of cloud and credential', async () => {
    const app = createDeployedApp(createMemoryCollection({ [id]: row }), said);
    expect((await app.get(id))?.value).toEqual({ ...row, ...said });
    expect(await createDeployedApp(createMemoryCollection<AppRegistration>(), said).get(id)).toBeUndefined();
  });

  it('is what the deployment says, with the secrets the API set', async () => {
    const app = createDeployedApp(createMemoryCollection({ [id]: row }), { ...said, application });
    expect((await app.get(id))?.value).toEqual({ ...application, ...said, clientSecrets });
  });

  it('has no secrets of another application', async () => {
    const another = { ...row, clientId: '11111111-1111-4111-8111-111111111111' };
    const app = createDeployedApp(createMemoryCollection({ [id]: another }), { ...said, application });
    expect((await app.get(id))?.value).toEqual({ ...application, ...said });
  });

  it('that only the deployment has told of can be changed: once, by one of two', async () => {
    const rows = createMemoryCollection<AppRegistration>();
    const app = createDeployedApp(rows, { ...said, application });
    const before = await app.get(id);
    expect(before?.value).toEqual({ ...application, ...said });
    const changed = await app.replace(id, { ...application, clientSecrets }, before?.etag ?? '');
    expect(changed.value).toEqual({ ...application, ...said, clientSecrets });
    await expect(app.replace(id, application, before?.etag ?? '')).rejects.toMatchObject({ code: 'conflict' });
    const stored = await rows.get(id);
    expect(stored).toEqual({ value: { ...application, clientSecrets }, etag: changed.etag });
  });
});
