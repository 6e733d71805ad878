import { lanes, type Job, type Records } from '../shared/records.ts';
import type { Message } from './message.ts';

/** How long a message that is not bulk may go before one that came later and is more urgent, milliseconds. */
const lookEvery = 2_000;

/** What a server is to send next. */
export interface NextMessages {
  /**
   * The first that are due: the most urgent first, in each lane the longest due first. Where they are all more urgent than
   * some that wait, the last place is given to one of those, so that nothing waits for ever.
   */
  due(until: Date, limit: number): Promise<Job<Message>[]>;
  /** Whether it has its place because what is more urgent never ends: it counts as no less urgent than that. */
  isPatient(job: Job<Message>): boolean;
  /** Whether something more urgent than this one has become due, asked of storage as often as it matters. */
  isOvertaken(job: Job<Message>, now: Date): Promise<boolean>;
}

export function createNextMessages(server: string, messages: Records<Message>): NextMessages {
  let lookedAt = 0;
  let patient: string | undefined;

  return {
    async due(until, limit) {
      lookedAt = until.getTime();
      patient = undefined;
      const jobs = await messages.due(server, until, limit);
      const last = jobs.at(-1);
      if (last === undefined || jobs.length < limit) return jobs;
      const below = lanes.slice(lanes.indexOf(last.lane) + 1).toReversed();
      const [waiting] = below.length === 0 ? [] : await messages.due(server, until, 1, below);
      if (waiting === undefined) return jobs;
      patient = waiting.record.id;
      return [...jobs.slice(0, -1), waiting];
    },

    isPatient: ({ record }) => record.id === patient,

    async isOvertaken({ lane, record }, now) {
      const above = lanes.slice(0, lanes.indexOf(lane));
      if (above.length === 0 || record.id === patient) return false;
      if (lane !== 'bulk' && now.getTime() - lookedAt < lookEvery) return false;
      lookedAt = now.getTime();
      return (await messages.due(server, now, 1, above)).length > 0;
    },
  };
}
