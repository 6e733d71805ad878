import { describe, expect, test } from 'vitest';
import { messagesIn, smtpClientOf, startTenant } from './tenant-for-test.ts';

const mail = { from: 'anna@contoso.test', to: 'bert@contoso.test', subject: 'Hello', text: 'Hello' };

describe('faults', () => {
  test.each([
    ['connect', '421 4.3.2 Service not available'],
    ['auth', '454 4.7.0 Temporary authentication failure'],
    ['mail', '451 4.7.0 Temporary server error. Please try again later.'],
    ['rcpt', '550 5.2.254 Too many recipients'],
    ['data', '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException'],
  ] as const)('at %s the server answers as it is told, once', async (at, reply) => {
    const microsoft365 = await startTenant();
    const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
    microsoft365.faults.smtp.push({ at, reply });
    await expect(client.sendMail(mail)).rejects.toMatchObject({ response: reply });
    expect(messagesIn(microsoft365, 'bert@contoso.test')).toHaveLength(0);
    await client.sendMail(mail);
    expect(messagesIn(microsoft365, 'bert@contoso.test')).toHaveLength(1);
  });

  test.each([
    ['connect', 0],
    ['auth', 0],
    ['mail', 0],
    ['rcpt', 0],
    ['data', 0],
    ['after-data', 1],
  ] as const)('when the connection breaks at %s, %i messages are filed', async (at, count) => {
    const microsoft365 = await startTenant();
    const client = await smtpClientOf(microsoft365, 'anna@contoso.test');
    microsoft365.faults.smtp.push({ at, drop: true });
    await expect(client.sendMail(mail)).rejects.not.toHaveProperty('responseCode');
    expect(messagesIn(microsoft365, 'bert@contoso.test')).toHaveLength(count);
    expect(messagesIn(microsoft365, 'anna@contoso.test', 'Sent Items')).toHaveLength(count);
  });

  test('one user’s fault is not another’s', async () => {
    const microsoft365 = await startTenant();
    microsoft365.faults.smtp.push({ at: 'auth', reply: '535 5.7.3 No', user: 'anna@contoso.test', times: 2 });
    await expect((await smtpClientOf(microsoft365, 'bert@contoso.test')).verify()).resolves.toBe(true);
    const anna = await smtpClientOf(microsoft365, 'anna@contoso.test');
    await expect(anna.verify()).rejects.toMatchObject({ response: '535 5.7.3 No' });
    expect(microsoft365.faults.smtp).toMatchObject([{ times: 1 }]);
  });
});
