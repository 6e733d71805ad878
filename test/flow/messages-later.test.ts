import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../dev/until.ts';
import { mailOf } from '../support/mail-of.ts';
import { refusedPointers } from '../support/refused-pointers.ts';
import { startSendingFlow, type SendingFlow, type SentMessage } from '../support/sending-flow.ts';

let flow: SendingFlow;
beforeAll(async () => {
  flow = await startSendingFlow();
  const ada = await flow.connect('ada@contoso.example');
  await flow.addServer({ name: 'Ada', account: ada.id });
});

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const act = (id: string, action: string) => flow.api.ask<SentMessage>('POST', `/v1/messages/${id}/${action}`);
const move = (id: string, scheduledAt: string | null) =>
  flow.api.ask<SentMessage>('PATCH', `/v1/messages/${id}`, { scheduledAt });
const arrived = async ({ messageId }: { messageId: string }): Promise<number> =>
  (await mailOf(flow.microsoft365, 'grace@contoso.example')).filter((mail) => mail.messageId === messageId).length;
const statusesOf = ({ history }: SentMessage): string[] => history.map(({ status }) => status);
const plain = { from: 'ada@contoso.example', to: 'grace@contoso.example', text: 'x' };

describe('a message for later', () => {
  it('waits for its time, whatever is sent before, and is sent then', async () => {
    const scheduledAt = inSeconds(6);
    const later = await flow.accept({ subject: 'Later', scheduledAt });
    expect(later).toMatchObject({ status: 'scheduled', estimatedSendAt: scheduledAt });
    const now = await flow.send({ subject: 'Now' });
    await flow.host.runTimer('sweepTimer');
    expect(await flow.message(later.id)).toMatchObject({ status: 'scheduled', scheduledAt, attempts: 0 });
    await until(() => Promise.resolve(Date.now() > Date.parse(scheduledAt)));
    await flow.host.runTimer('sweepTimer');
    const sent = await flow.reaches(later.id, 'sent');
    expect(statusesOf(sent)).toEqual(['scheduled', 'sending', 'sent']);
    expect(sent.history[1] as unknown as { at: string }).toSatisfy(({ at }: { at: string }) => at >= scheduledAt);
    expect([await arrived(now), await arrived(later)]).toEqual([1, 1]);
  });

  it('is given another time, or sent now', async () => {
    const { id, messageId } = await flow.accept({ scheduledAt: inSeconds(3600) });
    const other = inSeconds(7200);
    expect(await move(id, other)).toMatchObject({ status: 200, body: { status: 'scheduled', scheduledAt: other } });
    expect(await move(id, inSeconds(-60))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/scheduledAt' }] },
    });
    const { body } = await move(id, null);
    expect(body.status).toBe('queued');
    expect(body).not.toHaveProperty('scheduledAt');
    await flow.reaches(id, 'sent');
    expect(await arrived({ messageId })).toBe(1);
    expect(await move(id, other)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('is sent') as string },
    });
  });

  it('is refused with a time that is past, too far, in the wrong order or no time', async () => {
    for (const [fields, pointers] of [
      [{ scheduledAt: inSeconds(-1) }, ['/scheduledAt']],
      [{ scheduledAt: inSeconds(400 * 24 * 3600) }, ['/scheduledAt']],
      [{ expiresAt: inSeconds(-1) }, ['/expiresAt']],
      [{ scheduledAt: inSeconds(60), expiresAt: inSeconds(30) }, ['/expiresAt']],
      [{ scheduledAt: 'tomorrow', expiresAt: '2026-13-01T00:00:00Z' }, ['/scheduledAt', '/expiresAt']],
    ] as const)
      expect(await refusedPointers(flow.api, '/v1/messages', { ...plain, ...fields })).toEqual(pointers);
  });
});

describe('a cancelled message', () => {
  it('is never sent, and says so when it is cancelled again', async () => {
    const later = await flow.accept({ scheduledAt: inSeconds(3600) });
    const { status, body } = await act(later.id, 'cancel');
    expect([status, body.status, statusesOf(body)]).toEqual([200, 'cancelled', ['scheduled', 'cancelled']]);
    for (const action of ['cancel', 'retry'])
      expect(await act(later.id, action)).toMatchObject({
        status: 409,
        body: { code: 'conflict', detail: expect.stringContaining('is cancelled') as string },
      });
    await flow.host.runTimer('sweepTimer');
    await flow.send();
    expect(await arrived(later)).toBe(0);
    expect(await flow.message(later.id)).toMatchObject({ status: 'cancelled', attempts: 0 });
  });

  it('was not sent, and one that was sent is not cancelled, whoever is faster', async () => {
    const accepted = await Promise.all(Array.from({ length: 12 }, (_, n) => flow.accept({ subject: `Race ${n}` })));
    const answers = await Promise.all(accepted.map(({ id }) => act(id, 'cancel')));
    for (const [index, { status }] of answers.entries()) {
      const one = accepted[index] as SentMessage;
      const final = await flow.reaches(one.id, status === 200 ? 'cancelled' : 'sent');
      expect(await arrived(one), final.status).toBe(status === 200 ? 0 : 1);
    }
  });

  it('that was sent, or never was there, is told so', async () => {
    const { id } = await flow.send();
    expect(await act(id, 'cancel')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is sent') as string },
    });
    expect(await act(id, 'retry')).toMatchObject({ status: 409 });
    const unknown = `msg_${'0'.repeat(30)}`;
    for (const action of ['cancel', 'retry']) expect((await act(unknown, action)).status).toBe(404);
    expect((await move(unknown, null)).status).toBe(404);
  });
});

describe('a message that came to nothing', () => {
  it('that is deferred expires instead of being sent, and can be tried again all the same', async () => {
    flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '450 4.2.1 Try again later' });
    const { id, messageId } = await flow.accept({ expiresAt: inSeconds(4) });
    await flow.reaches(id, 'deferred');
    await until(async () => {
      await flow.host.runTimer('sweepTimer');
      return (await flow.message(id)).status === 'expired';
    });
    expect(await arrived({ messageId })).toBe(0);
    const { status, body } = await act(id, 'retry');
    expect([status, body.status]).toEqual([200, 'queued']);
    expect(body).not.toHaveProperty('expiresAt');
    const sent = await flow.reaches(id, 'sent');
    expect(statusesOf(sent)).toEqual(['queued', 'sending', 'deferred', 'expired', 'queued', 'sending', 'sent']);
    expect(await arrived({ messageId })).toBe(1);
  });

  it('is tried again for those alone whom no server has accepted, with its attachments', async () => {
    flow.microsoft365.faults.smtp.push({ at: 'rcpt', reply: '550 5.1.1 No such user' });
    const attachments = [{ filename: 'large.bin', content: Buffer.alloc(100_000, 7).toString('base64') }];
    const to = ['grace@contoso.example', 'support@contoso.example'];
    const first = await flow.send({ to, attachments });
    expect(first.recipients.map(({ status }) => status)).toEqual(['refused', 'sent']);
    expect((await act(first.id, 'retry')).body).toMatchObject({
      recipients: [
        { address: to[0], status: 'waiting' },
        { address: to[1], status: 'sent' },
      ],
      envelope: { to: [to[0]] },
    });
    const sent = await until(async () => {
      const now = await flow.message(first.id);
      return now.status === 'sent' && now.attempts === 2 && now;
    });
    expect(sent.recipients.map(({ status }) => status)).toEqual(['sent', 'sent']);
    const mail = await flow.received('support@contoso.example', first.messageId);
    expect(mail.messageId).toBe(first.messageId);
    const retried = await flow.received('grace@contoso.example', first.messageId);
    expect(retried.attachments[0]?.filename).toBe('large.bin');
    expect(await act(first.id, 'retry')).toMatchObject({ status: 409 });
  });

  it('failed for good is tried again when somebody has mended it', async () => {
    flow.microsoft365.faults.smtp.push({ at: 'data', reply: '554 5.2.0 Refused' });
    const { id, messageId } = await flow.accept();
    await flow.reaches(id, 'failed');
    expect((await act(id, 'retry')).status).toBe(200);
    expect((await flow.reaches(id, 'sent')).recipients.map(({ status }) => status)).toEqual(['sent']);
    expect(await arrived({ messageId })).toBe(1);
  });
});
