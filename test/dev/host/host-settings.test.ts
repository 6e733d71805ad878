import { describe, expect, test } from 'vitest';
import { parseTimeSpan, readHostSettings, resolveSettings } from '../../../dev/host/host-settings.ts';
import { fixturePath } from './run-fixture.ts';

test('host.json is read with the documented defaults', () => {
  expect(readHostSettings(fixturePath('timers'), {})).toEqual({
    hostId: 'timers-fixture',
    routePrefix: 'api',
    functionTimeout: 1_800_000,
    bodyLimit: 104_857_600,
    homepage: true,
    queues: {
      batchSize: 16,
      newBatchThreshold: 8,
      maxDequeueCount: 5,
      visibilityTimeout: 0,
      maxPollingInterval: 60_000,
      messageEncoding: 'base64',
    },
  });
});

test('app settings replace values of host.json', () => {
  const settings = readHostSettings(fixturePath('queues'), {
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '9',
    AzureFunctionsJobHost__functionTimeout: '-1',
    AzureWebJobsDisableHomepage: 'True',
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10',
  });
  expect(settings).toMatchObject({ functionTimeout: Infinity, homepage: false, bodyLimit: 10 });
  expect(settings.queues).toMatchObject({ maxDequeueCount: 9, maxPollingInterval: 200, batchSize: 4 });
});

describe('parseTimeSpan', () => {
  test.each([
    ['00:00:01', 1000],
    ['00:00:00.250', 250],
    ['01:02:03', 3_723_000],
    ['1.00:00:00', 86_400_000],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseTimeSpan('x', text)).toBe(milliseconds);
  });

  test.each(['5 minutes', '', 30])('%j is refused', (value) => {
    expect(() => parseTimeSpan('x', value)).toThrow('x is not a');
  });
});

test('%NAME% is the setting of that name', () => {
  expect(resolveSettings('a-%B%-c', { B: 'b' })).toBe('a-b-c');
  expect(() => resolveSettings('%B%', {})).toThrow("'%B%' does not resolve");
});
