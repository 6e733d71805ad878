import type { Call } from '../shared/call.ts';
import type { GatewayError } from '../shared/errors.ts';

/** Milliseconds a leg may take. */
const legPatience = 20_000;

/** Legs that go over one connection: a leg that takes too long ends it, for those after it too. */
export interface Branch {
  /** What the connection is made with. */
  readonly call: Call;
  /** Does a leg's work. @throws what `late` makes when the leg's time, or the whole call's, is over */
  within<T>(work: () => Promise<T>): Promise<T>;
}

export function createBranch(call: Call, late: () => GatewayError): Branch {
  const ended = new AbortController();
  const signal = AbortSignal.any([call.signal, ended.signal]);
  return {
    call: { ...call, signal },
    async within(work) {
      let timer: NodeJS.Timeout | undefined;
      let giveUp: (() => void) | undefined;
      // Not every library obeys a signal.
      const tooLate = new Promise<never>((_resolve, reject) => {
        giveUp = () => {
          reject(late());
        };
        if (signal.aborted) giveUp();
        signal.addEventListener('abort', giveUp);
        timer = setTimeout(() => {
          ended.abort();
        }, legPatience);
      });
      try {
        return await Promise.race([work(), tooLate]);
      } finally {
        clearTimeout(timer);
        if (giveUp !== undefined) signal.removeEventListener('abort', giveUp);
      }
    },
  };
}
