import type { ServerResponse } from 'node:http';
import { answerEmpty } from './answer-empty.ts';

/** Answers what belongs to the host's own API and says whether it did. */
export type AnswerAdmin = (method: string, path: string, response: ServerResponse) => boolean;

/**
 * The part of the host's admin API that is of use on a laptop, without its key as nobody else can reach it:
 * `POST /admin/functions/NAME` runs a timer now (202), `/admin/host/status` and `/admin/host/ping` say that the host runs.
 */
export function createAdmin(runTimer: (name: string) => Promise<void> | undefined): AnswerAdmin {
  return (method, path, response) => {
    const [area, topic, name] = path.slice(1).split('/');
    if (area?.toLowerCase() !== 'admin') return false;
    if (topic === 'functions' && name !== undefined && method === 'POST') {
      const run = runTimer(name);
      // A failure is in the log; nobody waits for the run here.
      run?.catch(() => undefined);
      answerEmpty(response, run ? 202 : 404);
    } else if (topic === 'host' && name === 'status') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ state: 'Running' }));
    } else if (topic === 'host' && name === 'ping') {
      answerEmpty(response, 200);
    } else {
      answerEmpty(response, 404);
    }
    return true;
  };
}
