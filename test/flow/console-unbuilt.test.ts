import { expect, it } from 'vitest';
import { appFolderWith } from '../support/app-folder.ts';
import { startFlow } from '../support/flow.ts';

it('a console that was not built says how it is, and the rest works without it', async () => {
  const flow = await startFlow({ root: appFolderWith({}) });
  for (const path of ['/console', '/console/assets/x.js']) {
    expect(await flow.api.ask('GET', path)).toMatchObject({
      status: 404,
      body: { code: 'not-found', detail: 'The console has not been built.', remedy: 'npm run build' },
    });
  }
  expect((await flow.api.ask('GET', '/v1/status')).status).toBe(200);
});
