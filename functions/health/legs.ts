import type { Call } from '../shared/call.ts';
import { GatewayError, toGatewayError, type Actor } from '../shared/errors.ts';
import { toReport, type Leg, type LegName, type Report } from './report.ts';

/** A failure with what is known about it beside what was answered. */
export interface Explained {
  readonly error: GatewayError;
  /** Who must act, where it is not whom the code names. */
  readonly actor?: Actor;
}

export type Explain = (error: GatewayError) => Explained | Promise<Explained>;

/** The legs of one examination as they are gone. */
export interface Legs {
  /**
   * Goes a leg: `tries` says what, `work` answers what it found and brought along.
   * @returns undefined when it failed
   * @throws GatewayError `storage-unavailable`, `internal-error`: that is no finding about a mailbox
   */
  go<T>(leg: LegName, tries: string, work: () => Promise<Found<T>>, explain?: Explain): Promise<T | undefined>;
  /** Notes a leg that is not gone. */
  pass(leg: LegName, detail: string): void;
  skip(leg: LegName, detail: string): void;
  notReached(...legs: LegName[]): void;
  /** A leg's failure is another's: that one failed, and this one was not reached. */
  blame(leg: LegName, other: LegName): void;
  /** Why the first of these legs that failed did. */
  failure(...legs: LegName[]): GatewayError | undefined;
  report(): Report;
}

export interface Found<T> {
  readonly detail: string;
  readonly brings: T;
}

const ours = new Set(['storage-unavailable', 'internal-error']);

/** Is told of each leg as it ends; of one that turns out to be another's failure, or none, once more. */
export type TellLeg = (leg: Leg) => void;

export function createLegs(call: Call, tell: TellLeg = () => undefined): Legs {
  const began = call.now();
  const gone = new Map<LegName, Leg>();
  const failures = new Map<LegName, GatewayError>();
  const end = (leg: Leg): void => {
    gone.set(leg.leg, leg);
    tell(leg);
  };
  const note = (leg: LegName, status: Leg['status'], detail: string): void => {
    end({ leg, status, detail, tookMs: 0 });
  };
  const notReached: Legs['notReached'] = (...legs) => {
    for (const leg of legs) note(leg, 'not-reached', 'Not tried: a leg before it failed.');
  };

  return {
    async go(leg, tries, work, explain = (error) => ({ error })) {
      const started = call.now().getTime();
      const tookMs = (): number => call.now().getTime() - started;
      try {
        const { detail, brings } = await work();
        end({ leg, status: 'passed', detail, tookMs: tookMs() });
        return brings;
      } catch (thrown) {
        const met = toGatewayError(thrown);
        if (ours.has(met.code)) throw met;
        const took = tookMs();
        const { error, actor = error.meaning.actor } = await explain(met);
        const { remedy, upstream } = error.data;
        failures.set(leg, error);
        end({
          ...{ leg, status: 'failed', detail: `${tries} failed.`, tookMs: took },
          ...{ code: error.code, cause: error.message, actor },
          ...(remedy !== undefined && { remedy }),
          ...(upstream !== undefined && { upstream }),
        });
        call.log.warn('A leg of a mailbox test failed.', { leg, code: error.code, cause: met.cause });
        return undefined;
      }
    },
    pass(leg, detail) {
      note(leg, 'passed', detail);
    },
    skip(leg, detail) {
      note(leg, 'skipped', detail);
    },
    notReached,
    blame(leg, other) {
      const found = gone.get(leg);
      const failure = failures.get(leg);
      if (found === undefined || failure === undefined) return;
      end({ ...found, leg: other });
      failures.set(other, failure);
      failures.delete(leg);
      notReached(leg);
    },
    failure: (...legs) => legs.map((leg) => failures.get(leg)).find((error) => error !== undefined),
    report: () => toReport([...gone.values()], began, call.now()),
  };
}
